"""通道变量: the channel variables by which a flow and the dialplan understand each other."""

CALL_ID = "CALL_ID"
"""Set by the dialplan on arrival and inherited by every leg."""

SPOKEN = "FLOW_SPOKEN"
"""``1`` once the flow has begun to speak: the citizen heard that he is recorded."""

NEXT = "FLOW_NEXT"
"""The flow's decision: a queue, or HANG_UP. Empty: the flow did not end, whatever AGISTATUS says."""

HANG_UP = "hang_up"
"""The value of NEXT that ends the call; no queue may have this name."""

SHARED = {"call_id": CALL_ID, "spoken": SPOKEN, "next": NEXT, "hang_up": HANG_UP}
"""The same, for the templates of the dialplan."""

"""通道变量: the channel variables by which a flow and the dialplan understand each other."""

CALL_ID = "CALL_ID"
"""Set by the dialplan on arrival and inherited by every leg."""

DIALLED = "DIALLED"
"""Set by the dialplan on arrival: the number that the citizen dialled, made harmless."""

RECORDING = "RECORDING"
"""Set by the dialplan on arrival, on the citizen's own channel: the file that is written."""

NEXT = "FLOW_NEXT"
"""The flow's decision: a queue, or HANG_UP. Empty: the flow did not end, whatever AGISTATUS says."""

HANG_UP = "hang_up"
"""The value of NEXT that ends the call; no queue may have this name."""

FIRST = "FLOW_FIRST"
"""The queue of one seat that is tried for a moment before NEXT; empty for none."""

SEAT = "FLOW_SEAT"
"""The seat that a supervisor wants to listen to."""

KEYS_PRESSED = "SeatKeys"
"""The UserEvent by which the dialplan tells of a code that was pressed inside a talk."""

DESK_ANSWER = "DESK_ANSWER"
"""With an underscore and the wish behind it: the prompt that answers such a code."""

HEARD = ("PLAYBACKSTATUS", "SUCCESS")
"""Set when a key cut a prompt short: the citizen wants to go on. Asterisk itself calls that FAILED, and
the dialplan would greet once more."""

SHARED = {
    "call_id": CALL_ID,
    "dialled": DIALLED,
    "recording": RECORDING,
    "next": NEXT,
    "hang_up": HANG_UP,
    "first": FIRST,
    "seat": SEAT,
    "keys_pressed": KEYS_PRESSED,
    "answer": DESK_ANSWER,
}
"""The same, for the templates of the dialplan."""

"""会话: which address, route and number each request of a call carries."""

from simulator.dialog import Dialog, dialog_from
from simulator.sip_message import SipMessage, response_to

VIA = ("Via", "SIP/2.0/UDP 127.0.0.2:5060;branch=z9hG4bKx")


def calling() -> Dialog:
    return Dialog(
        call_id="c",
        local="<sip:138@127.0.0.2>;tag=a",
        remote="<sip:12345@127.0.0.1>",
        target="sip:12345@127.0.0.1:5060",
        contact="<sip:138@127.0.0.2:5060>",
    )


def accepted(invite: SipMessage) -> SipMessage:
    answer = response_to(invite, 200, "OK", to="<sip:12345@127.0.0.1>;tag=b")
    routes = (("Record-Route", "<sip:near;lr>"), ("Record-Route", "<sip:far;lr>"))
    return SipMessage(
        first_line=answer.first_line,
        headers=(*answer.headers, *routes, ("Contact", "<sip:seat@127.0.0.9:5070>")),
    )


def test_after_the_answer_requests_go_to_the_other_ends_address_along_the_reversed_route() -> None:
    dialog = calling()
    dialog.confirm(accepted(dialog.request("INVITE", VIA)))
    bye = dialog.request("BYE", VIA)
    assert bye.first_line == "BYE sip:seat@127.0.0.9:5070 SIP/2.0"
    assert bye.all_of("Route") == ["<sip:far;lr>", "<sip:near;lr>"]
    assert bye.header("To").endswith("tag=b")


def test_ack_and_cancel_keep_the_number_of_their_invite() -> None:
    dialog = calling()
    numbers = [dialog.request(method, VIA).cseq[0] for method in ("INVITE", "CANCEL", "ACK", "BYE")]
    assert numbers == [1, 1, 1, 2]


def test_the_called_end_speaks_to_the_caller_with_its_own_tag() -> None:
    invite = calling().request("INVITE", VIA)
    bye = dialog_from(invite, "<sip:8001@127.0.0.1:5080>", "ours").request("BYE", VIA)
    assert bye.first_line == "BYE sip:138@127.0.0.2:5060 SIP/2.0"
    assert bye.header("From") == "<sip:12345@127.0.0.1>;tag=ours"
    assert bye.header("To") == "<sip:138@127.0.0.2>;tag=a"


def test_a_call_to_be_replaced_is_named_as_the_other_end_knows_it() -> None:
    dialog = calling()
    dialog.confirm(accepted(dialog.request("INVITE", VIA)))
    assert dialog.to_be_replaced() == "<sip:12345@127.0.0.1?Replaces=c%3Bto-tag%3Db%3Bfrom-tag%3Da>"


def test_a_call_that_only_rings_yet_can_be_named_too() -> None:
    dialog = calling()
    dialog.early_tag = "early"
    assert "to-tag%3Dearly%3B" in dialog.to_be_replaced()
    assert "early" not in dialog.request("CANCEL", VIA).header("To")

"""工单脱敏: what of a work order's words tells who the citizen is, masked for everybody who looks."""

from core.privacy import masked, masked_number, masked_text
from tickets.model import Ticket

HIDDEN = "〔保密〕"
SHORTEST_NAME = 2
"""A single character stands in half of all sentences."""


def scrubbed(ticket: Ticket, text: str) -> str:
    """Mask what tells who the citizen is: long numbers, his name; of a secret one also where he lives."""
    citizen = ticket.citizen
    text = masked_text(text)
    if len(citizen.name) >= SHORTEST_NAME:
        text = text.replace(citizen.name, masked("name", citizen.name))
    if citizen.confidential:
        for told in (ticket.address, citizen.enterprise_name, citizen.other_phone, ticket.phone):
            text = text.replace(told, HIDDEN) if told else text
    return text


def citizen_masked(ticket: Ticket) -> str:
    """Give name and number as everybody may see them; of a secret one nothing."""
    if ticket.citizen.confidential:
        return HIDDEN
    return f"{masked('name', ticket.citizen.name)} {masked_number(ticket.phone)}"

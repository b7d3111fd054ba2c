"""What a task may be called with: its parameters, the JSON that fits them, and what its body is given for that.

    signature_of(function).problems([1], {"name": 5})
    {"kwargs.name": "Enter a text."}

What stands in a job's row is JSON and stays as it was sent. An annotation refuses JSON that cannot be meant; a body is
given dates, members of an Enum and the like in place of the JSON that names them.
"""

from scheduler.signatures.kinds import (
    Anything,
    Either,
    Items,
    Kind,
    Mapped,
    Member,
    Nothing,
    Number,
    OneOf,
    Text,
    Truth,
    WholeNumber,
    Written,
)
from scheduler.signatures.parameters import Parameter, Place, Signature, signature_of

__all__ = [
    "Anything",
    "Either",
    "Items",
    "Kind",
    "Mapped",
    "Member",
    "Nothing",
    "Number",
    "OneOf",
    "Parameter",
    "Place",
    "Signature",
    "Text",
    "Truth",
    "WholeNumber",
    "Written",
    "signature_of",
]

"""What an outside agency may do, and the links to it, in the permission table."""

#: Given by an agency, through the link of one matter or its key to the API.
THROUGH_A_LINK = {"agency_accept", "agency_return", "agency_report"}

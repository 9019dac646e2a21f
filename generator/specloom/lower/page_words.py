"""The usual names of parameters and properties of pages, in snake case, the best first."""

import re

# Parameters
CURSORS = (
    "cursor after after_cursor starting_after next_cursor page_token next_page_token next_token"
    " after_id start_after start_cursor end_cursor page_cursor continuation_token pagination_token"
    " marker bookmark exclusive_start_key next page_after continue"
).split()
BACKWARDS = "before before_cursor ending_before before_id previous_cursor prev_cursor".split()
OFFSETS = "offset skip start_index start_at page_offset".split()
NUMBERS = "page page_number page_num page_index page_no current_page".split()
LIMITS = (
    "limit per_page page_size size page_limit max_results max_items records_per_page count first"
    " take top"
).split()
PAGE_PARAMETERS = frozenset((*CURSORS, *OFFSETS, *NUMBERS))
"""The query parameters that ask for a further page."""

# Properties of responses
ITEMS = (
    "data items results records entries values list resources value content rows elements objects"
    " nodes members"
).split()
ITEM_CURSORS = "id token uuid".split()
NEXT = (
    "next_cursor next_page_token next_token after_cursor end_cursor next_page_cursor next_page"
    " continuation_token pagination_token page_token last_id next cursor after marker bookmark"
    " continue"
).split()
NEXT_OFFSETS = "next_page_offset next_offset offset".split()
NEXT_URLS = (
    "next_link odata_next_link next_page_url next_page_uri next_page_link next_url next_uri"
    " hydra_next next_href"
).split()
PREVIOUS = "first_id previous_cursor prev_cursor before_cursor start_cursor".split()
MORE = "has_more has_next_page has_next more more_available".split()
PAGES = "total_pages pages page_count last_page num_pages".split()
TOTALS = (
    "total total_count total_items total_results total_records total_record_count"
    " odata_count hydra_total_items"
).split()
WRAPPERS = "data result response payload embedded meta".split()
HOLDERS = (
    "meta metadata pagination paging page_info result_info cursor cursors links page"
    " response_metadata view hydra_view"
).split()
OF_BOTH = frozenset((*PAGE_PARAMETERS, *LIMITS, *HOLDERS)) - {"metadata"}
"""What both the request and the response of a page may have."""

# Spring Data counts from 0, and SCIM from 1 (RFC 7644, section 3.4.2.4), without a text about it.
FIRST_BY_SHAPE = (
    (0, {"number", "number_of_elements"}),
    (0, {"number", "total_elements", "total_pages"}),
    (1, {"items_per_page", "start_index", "total_results"}),
)
FROM_ZERO = re.compile(
    r"(?<!not )(?<!non-)\b(?:0|zero)[- ](?:based|indexed)\b|\b0\.\.N\b"
    r"|\b(?:starts?|starting|begins?|beginning|counted) (?:at|from|with) (?:page )?`?(?:0|zero)\b",
    re.IGNORECASE,
)

# Texts and formats
LINK_HEADER = re.compile(r"\blink\b\W*header", re.IGNORECASE)
URL = re.compile(r"\bUR[IL]\b")
URL_FORMATS = ("uri", "uri-reference", "iri", "iri-reference", "url")

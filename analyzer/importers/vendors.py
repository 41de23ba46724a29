"""The exports that are known by their columns: a table, a row an export.

Columns are compared without case and spaces (``table.loose``), as sets of names, never by place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analyzer.importers import glint, intercom, takeout
from analyzer.importers.plan import Answer
from analyzer.importers.table import Table
from analyzer.types import Side

Names = tuple[str, ...]


def _names(text: str) -> Names:
    return tuple(text.split())


def _as_is(table: Table) -> Table:
    return table


@dataclass(frozen=True, slots=True)
class Vendor:
    """A row of the table. Names are as ``loose`` leaves them; of several, the first there counts.

    ``known_by`` are sets of columns: where all of one are there, it is this export. ``side`` and
    ``kind`` are what it implies, if it does. ``text`` are columns of text, each an answer of its
    own (``answers`` finds them where names alone do not); ``title`` stands before the first.
    ``survey``: the text is what the header says is, or else every question that people answered in
    their own words, ``rest`` excepted ("points-*": and what begins so). ``newest`` tells the newest
    of several rows with one id. ``without_text`` says what to do where there is no text,
    ``refused`` why this export is never read. ``ratings``: a rating needs no word, so a whole file
    may have none.
    """

    name: str
    label: str
    known_by: tuple[Names, ...]
    side: Side | None = None
    kind: str | None = None
    text: Names = ()
    title: Names = ()
    id: Names = ()
    date: Names = ()
    unit: Names = ()
    score: Names = ()
    respondent: Names = ()
    attr: Names = ()
    survey: bool = False
    rest: Names = ()
    newest: Names = ()
    month_first: bool = False
    note: str = ""
    without_text: str = ""
    ratings: bool = False
    refused: str = ""
    answers: Callable[[Table], dict[str, Answer]] | None = None
    prepared: Callable[[Table], Table] = _as_is


_NO_QUESTION = (
    "None of its questions is answered in people's own words. Name the columns with --map, if some "
    "are."
)
_SUBJECTS = "It holds no bodies: only the subjects were read."

VENDORS: tuple[Vendor, ...] = (
    Vendor(
        "qualtrics",
        "Qualtrics",
        (
            _names("startdate enddate recordeddate responseid"),
            _names("responseid responseset startdate enddate"),
        ),
        survey=True,
        id=_names("responseid _recordid"),
        date=_names("recordeddate enddate startdate"),
        respondent=_names("externalreference externaldatareference"),
        attr=_names("userlanguage distributionchannel"),
        rest=_names(
            "status ipaddress progress duration(inseconds) finished responseset locationlatitude "
            "locationlongitude locationaccuracy"
        ),
        without_text=_NO_QUESTION,
    ),
    Vendor(
        "surveymonkey",
        "SurveyMonkey",
        (_names("respondentid collectorid"),),
        survey=True,
        id=_names("respondentid"),
        date=_names("enddate startdate datemodified datecreated"),
        rest=_names("collectorid datecreated datemodified customdata* startdate"),
        month_first=True,
        without_text=_NO_QUESTION,
    ),
    Vendor(
        "typeform",
        "Typeform",
        (_names("startdate(utc) submitdate(utc) networkid"),),
        survey=True,
        id=_names("#"),
        date=_names("submitdate(utc) startdate(utc)"),
        attr=_names("tags"),
        rest=_names("responsetype startdate(utc) stagedate(utc) networkid"),
        without_text=_NO_QUESTION,
    ),
    Vendor(
        "microsoft-forms",
        "Microsoft Forms",
        (_names("id starttime completiontime"),),
        survey=True,
        id=_names("id"),
        date=_names("completiontime starttime"),
        rest=_names(
            "starttime lastmodifiedtime language totalpoints quizfeedback points-* feedback-*"
        ),
        month_first=True,
        without_text=_NO_QUESTION,
    ),
    Vendor(
        "glint",
        "Viva Glint",
        (_names("surveycyclecompletiondate surveycycletitle"),),
        side="employee",
        kind="pulse",
        answers=glint.answers,
        date=_names("surveycyclecompletiondate surveysentdate surveycyclecreationdate"),
        # Not the id: it would be stored as it is. As respondent it is hashed.
        respondent=_names("employeeid employmentid"),
        attr=_names("surveycycletitle"),
        without_text="Export it again with Comments included.",
    ),
    Vendor(
        "google-play",
        "Google Play",
        (_names("packagename starrating reviewtext"),),
        side="customer",
        kind="review",
        text=_names("reviewtext"),
        title=_names("reviewtitle"),
        id=_names("reviewlink"),
        date=_names("reviewlastupdatedateandtime reviewsubmitdateandtime"),
        unit=_names("packagename"),
        score=_names("starrating"),
        attr=_names("reviewerlanguage appversionname"),
        newest=_names("reviewlastupdatemillissinceepoch"),
        ratings=True,
    ),
    Vendor(
        "app-store",
        "App Store",
        (_names("attributes.body attributes.rating attributes.createddate"),),
        side="customer",
        kind="review",
        text=_names("attributes.body"),
        title=_names("attributes.title"),
        id=_names("id"),
        date=_names("attributes.createddate"),
        score=_names("attributes.rating"),
        attr=_names("attributes.territory"),
    ),
    Vendor(
        "trustpilot",
        "Trustpilot",
        (_names("reviewid reviewcontent reviewstars"),),
        side="customer",
        kind="review",
        text=_names("reviewcontent"),
        title=_names("reviewtitle"),
        id=_names("reviewid"),
        date=_names("reviewcreated(utc)"),
        unit=_names("locationname domainurl"),
        score=_names("reviewstars"),
        respondent=_names("reviewconsumeruserid"),
        attr=_names("reviewlanguage sourceofreview"),
    ),
    Vendor(
        "trustpilot",
        "Trustpilot (product reviews)",
        (_names("review_id stars product_name content"),),
        side="customer",
        kind="review",
        text=_names("content"),
        id=_names("review_id"),
        date=_names("created_at"),
        unit=_names("product_name"),
        score=_names("stars"),
    ),
    Vendor(
        "trustpilot",
        "Trustpilot (pages as JSON)",
        (_names("id text rating dates.publisheddate consumer.displayname"),),
        side="customer",
        kind="review",
        text=_names("text"),
        title=_names("title"),
        id=_names("id"),
        date=_names("dates.publisheddate"),
        score=_names("rating"),
        respondent=_names("consumer.id"),
        attr=_names("language source"),
    ),
    Vendor(
        "google-business",
        "Google Business Profile (Takeout)",
        (_names("name starrating createtime"), _names("name starrating updatetime")),
        side="customer",
        kind="review",
        text=_names("comment"),
        id=_names("name"),
        date=_names("updatetime createtime"),
        unit=(takeout.LOCATION,),
        score=_names("starrating"),
        newest=_names("updatetime createtime"),
        ratings=True,
        prepared=takeout.prepared,
    ),
    Vendor(
        "google-maps",
        "Google Maps (your places)",
        (_names("type geometry.type properties.google_maps_url"),),
        refused=(
            "These are the reviews that the owner of the account wrote about other places. What "
            "customers wrote is in Takeout/Google Business Profile/, in files called reviews*.json."
        ),
    ),
    Vendor(
        "freshdesk",
        "Freshdesk (API)",
        (_names("id subject description_text requester_id"),),
        side="customer",
        kind="ticket",
        text=_names("description_text"),
        title=_names("subject"),
        id=_names("id"),
        date=_names("created_at"),
        respondent=_names("requester_id"),
        attr=_names("status priority source type tags"),
        newest=_names("updated_at"),
    ),
    Vendor(
        "zendesk",
        "Zendesk",
        (
            _names("id subject description requester_id"),
            _names("id raw_subject description created_at"),
        ),
        side="customer",
        kind="ticket",
        text=_names("description satisfaction_rating.comment"),
        title=_names("subject"),
        id=_names("id"),
        date=_names("created_at"),
        respondent=_names("requester_id"),
        attr=_names("status priority type tags via.channel satisfaction_rating.score"),
        newest=_names("updated_at"),
    ),
    Vendor(
        "zendesk",
        "Zendesk (view as CSV)",
        (
            _names("summationcolumn id subject"),
            _names("id requester subject assignee tickettype createdat"),
        ),
        side="customer",
        kind="ticket",
        text=_names("subject"),
        id=_names("id"),
        date=_names("createdat"),
        respondent=_names("requesterid"),
        attr=_names("status priority via tickettype tags group satisfactionscore"),
        note=f"{_SUBJECTS} The JSON export of Zendesk has the descriptions, too.",
        without_text="Export the tickets as JSON, which has the descriptions.",
    ),
    Vendor(
        "freshservice",
        "Freshservice",
        (_names("ticketid subject description requestername"),),
        side="customer",
        kind="ticket",
        text=_names("description"),
        title=_names("subject"),
        id=_names("ticketid"),
        date=_names("createdtime"),
        attr=_names("status priority source type group tags"),
    ),
    Vendor(
        "freshdesk",
        "Freshdesk",
        (
            _names("ticketid subject agentinteractions customerinteractions"),
            _names("ticketid subject status createdtime resolutionstatus"),
        ),
        side="customer",
        kind="ticket",
        text=_names("subject summary"),
        id=_names("ticketid"),
        date=_names("createdtime"),
        unit=_names("product"),
        respondent=_names("contactid"),
        attr=_names("status priority source type group tags surveyresults"),
        note=f"{_SUBJECTS} The API of Freshdesk gives the descriptions, too.",
        without_text="Fetch the tickets from the API as JSON, which has the descriptions.",
    ),
    Vendor(
        "intercom",
        "Intercom",
        ((intercom.FIRST, intercom.LATER),),
        side="customer",
        kind="ticket",
        text=(intercom.FIRST, intercom.LATER, intercom.REMARK),
        title=_names("source.subject"),
        id=_names("id"),
        date=_names("created_at"),
        score=_names("conversation_rating.rating"),
        respondent=_names("contact_id"),
        attr=_names("source.type state"),
        newest=_names("updated_at"),
    ),
)

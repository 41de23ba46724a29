"""The names by which columns are recognised: English, Spanish and Italian, the likeliest first.

Names are compared as ``fold`` leaves them, so ``Review Text``, ``review_text`` and ``ReviewText``
are one.
"""

from __future__ import annotations

import re
import unicodedata

_ENVELOPE = re.compile(r"^(attributes|fields|properties)\.", re.IGNORECASE)
_NOT_WORD = re.compile(r"[\W_]+")


def fold(name: str) -> str:
    """Return the name without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", _ENVELOPE.sub("", name).casefold())
    return _NOT_WORD.sub("", "".join(char for char in plain if not unicodedata.combining(char)))


def _words(text: str) -> tuple[str, ...]:
    return tuple(fold(word) for word in text.split())


# Two halves of one answer, read together.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    ("pros", "cons"),
    ("positivereview", "negativereview"),
    ("likes", "dislikes"),
    ("positivo", "negativo"),
    ("pregi", "difetti"),
)

TEXT = _words(
    "text comment comments review review_text review_content review_body review_verbatim feedback "
    "verbatim message body content answer response open_ended_response reason_for_leaving "
    "customer_complaint complaint description_text description comentario comentarios opinion "
    "opiniones resena mensaje texto respuesta descripcion motivo motivo_de_salida "
    "motivo_de_la_salida queja commento commenti recensione recensioni opinione testo messaggio "
    "risposta descrizione motivo_di_uscita motivo_dell_uscita reclamo "
    "pros cons positive_review negative_review likes dislikes positivo negativo pregi difetti"
)

SINGLE: dict[str, tuple[str, ...]] = {
    "id": _words(
        "id review_id response_id comment_id ticket_id submission_id survey_id record_id uuid "
        "id_resena id_respuesta id_comentario id_ticket respuesta_id comentario_id "
        "id_recensione id_risposta id_commento"
    ),
    "date": _words(
        "date created_at created_date created created_time create_time createdAt review_date "
        "date_review survey_date response_date submitted_at submit_date submit_date_utc "
        "review_created_utc review_submit_date_and_time recorded_date completion_time end_date "
        "last_day exit_date leaving_date published_date timestamp fecha fecha_de_creacion "
        "creado_el fecha_respuesta fecha_de_salida data data_creazione data_recensione "
        "data_risposta data_uscita creato_il"
    ),
    "unit": _words(
        "unit store store_name hotel branch location location_name site team shop restaurant "
        "property unidad tienda sede sucursal local equipo centro unita negozio punto_vendita "
        "filiale albergo squadra"
    ),
    "score": _words(
        "score rating overall_rating stars star_rating review_stars satisfaction "
        "satisfaction_score nps nps_score recommend_0_10 happy_0_10 csat puntuacion valoracion "
        "calificacion estrellas satisfaccion nota voto punteggio valutazione stelle soddisfazione"
    ),
    "respondent": _words(
        "respondent respondent_id employee_id customer_id user_id reviewer_id author_id "
        "requester_id contact_id review_consumer_user_id encuestado empleado_id id_empleado "
        "cliente_id id_cliente rispondente id_dipendente dipendente_id id_utente"
    ),
}

ATTR = frozenset(
    _words(
        "department role job_title tenure channel language review_language reviewer_language "
        "user_language country region status traveller traveler service question departamento "
        "puesto cargo antiguedad canal idioma pais estado viajero servicio pregunta dipartimento "
        "reparto ruolo anzianita canale lingua paese regione stato viaggiatore servizio domanda"
    )
)

PERSONAL = frozenset(
    _words(
        "name first_name last_name full_name surname display_name username user_name nickname "
        "reviewer_nickname review_username review_user_email recipient_first_name "
        "recipient_last_name recipient_email email e_mail email_address mail ip ip_address phone "
        "phone_number telephone mobile address photo nombre nombres apellido apellidos "
        "nombre_completo correo correo_electronico telefono movil direccion direccion_ip nome "
        "cognome nome_completo posta_elettronica cellulare indirizzo indirizzo_ip"
    )
)

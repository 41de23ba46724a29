"""Comments in three languages with personal data at known places, and with what only looks so.

Templates are written by hand in three parts. Those of ``DEVELOPED`` were looked at while the
recognisers were made. Those of ``HELD_OUT`` were written with them; what was missed there was looked
at once, after the first figures were taken. Those of ``UNSEEN`` came last, and nothing was changed
for them. Values are made by chance, check digits by this module's own arithmetic.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

from analyzer.redaction import Roster
from tests.redaction_scores import Marked

GIVEN = [
    "Laura",
    "Marta",
    "Emma",
    "Siobhán",
    "Aoife",
    "Priya",
    "Olga",
    "Wei",
    "Fatima",
    "Gareth",
    "Nigel",
    "Declan",
    "Rhys",
    "Imogen",
    "Harriet",
    "Callum",
    "Alistair",
    "Deborah",
    "Lakshmi",
    "Tomasz",
    "Zuzanna",
    "Oluwaseun",
    "Kwame",
    "Yusuf",
    "Deepak",
    "José",
    "María",
    "Lucía",
    "Iñaki",
    "Begoña",
    "Álvaro",
    "Jimena",
    "Rubén",
    "Sofía",
    "Íñigo",
    "Núria",
    "Xavier",
    "Ainhoa",
    "Gonzalo",
    "Rocío",
    "Giulia",
    "Alessandro",
    "Matteo",
    "Ginevra",
    "Niccolò",
    "Beatrice",
    "Lorenzo",
    "Federica",
    "Giuseppe",
    "Annalisa",
    "Raffaele",
]
FAMILY = [
    "Kowalski",
    "Okonkwo",
    "Featherstone",
    "Hargreaves",
    "MacDonald",
    "O'Sullivan",
    "Pemberton",
    "Whitaker",
    "Raghunathan",
    "Nguyen",
    "Petrov",
    "Abernathy",
    "Gallagher",
    "Thompson",
    "Kaczmarek",
    "Adeyemi",
    "Smith-Jones",
    "van der Linden",
    "García Lorca",
    "Fernández Ibáñez",
    "Gutiérrez",
    "Etxeberria Goñi",
    "Jiménez",
    "Zubizarreta",
    "Núñez",
    "de la Fuente",
    "Echevarría",
    "Domínguez Pérez",
    "Vázquez",
    "Rossetti",
    "Bonaventura",
    "D'Amico",
    "Lo Cascio",
    "Brambilla",
    "Scognamiglio",
    "Di Stefano",
    "Quattrone",
    "Pellegrinetti",
    "Cavalcanti",
    "Zambrotta",
]
# Names that are words as well; each comes in a place where it is a name.
WORDS_TOO = (
    ("Rose", "Taylor"), ("Mark", "Young"), ("Will", "Baker"), ("Grace", "Long"), ("Hope", "King"),
    ("Sol", "Leal"), ("Mercedes", "Blanco"), ("Rosa", "Moreno"), ("Paz", "Castillo"),
    ("Franco", "Conti"), ("Bruno", "Costa"), ("Chiara", "Russo"), ("Stella", "Marino"),
)  # fmt: skip


def people() -> list[tuple[str, str]]:
    """Return whose names the generator uses: 300 of them, and those that are words too."""
    rng = random.Random(7)
    return [(rng.choice(GIVEN), rng.choice(FAMILY)) for _ in range(300)] + list(WORDS_TOO)


def roster() -> Roster:
    """Return them as a roster."""
    return Roster.of(people())


def _name(rng: random.Random) -> str:
    first, last = rng.choice(PEOPLE)
    surname = last.split(" ")[0] if last[0].isupper() and " " in last else last
    if last.startswith(("Lo ", "Di ")):
        surname = last
    return rng.choice(
        (
            f"{first} {last}", f"{first} {surname}", first, surname, f"{first[0]}. {surname}",
            f"{first} {last}".lower(), first.lower(), f"{first} {last}".upper(), _plain(first),
            _plain(f"{first} {surname}"),
        )
    )  # fmt: skip


def _word_name(rng: random.Random) -> str:
    first, last = rng.choice(WORDS_TOO)
    return rng.choice((f"{first} {last}", first, f"{first} {last}"))


def _stranger(rng: random.Random) -> str:
    return rng.choice(
        ("Hollingworth", "Vanterpool", "Ruiseñor", "Izquierdo", "Trapattoni", "Mastroianni",
         "Wojciechowska", "Larrañaga", "Ó Dálaigh", "Bevilacqua")
    ).replace("Ó Dálaigh", "Dempsey")  # fmt: skip


def _plain(text: str) -> str:
    return text.translate(str.maketrans("áéíóúñÁÉÍÓÚÑòìü", "aeiounAEIOUNoiu"))


def _digits(rng: random.Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


def _luhn(body: str) -> str:
    total = 0
    for at, char in enumerate(reversed(body)):
        value = int(char) * (2 if at % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return body + str(-total % 10)


def _card(rng: random.Random) -> str:
    begin, size = rng.choice((("4", 16), ("51", 16), ("55", 16), ("37", 15), ("6011", 16)))
    number = _luhn(begin + _digits(rng, size - 1 - len(begin)))
    if size == 15:
        return rng.choice((number, f"{number[:4]} {number[4:10]} {number[10:]}"))
    joint = rng.choice(("", " ", "-"))
    return joint.join(number[at : at + 4] for at in range(0, 16, 4))


def _iban(rng: random.Random) -> str:
    country, body = rng.choice(
        (("ES", _digits(rng, 20)), ("IT", "X" + _digits(rng, 22)), ("GB", "WEST" + _digits(rng, 14)),
         ("DE", _digits(rng, 18)), ("FR", _digits(rng, 23)))
    )  # fmt: skip
    value = "".join(str(int(c, 36)) for c in body + country + "00")
    whole = f"{country}{98 - int(value) % 97:02d}{body}"
    spaced = " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))
    return rng.choice((whole, spaced, spaced, whole.lower()))


def _mail(rng: random.Random) -> str:
    name, host = rng.choice(GIVEN), rng.choice(("mail", "acme", "correo", "posta", "my-office"))
    user = _plain(name).lower() + rng.choice((".", "_", "")) + _digits(rng, 2)
    top = rng.choice(("com", "es", "it", "co.uk", "org"))
    if rng.random() < 0.3:
        at, dot = rng.choice(
            ((" at ", " dot "), (" (at) ", " (dot) "), ("[at]", "."), (" arroba ", " punto "),
             (" chiocciola ", " punto "))
        )  # fmt: skip
        user = re.sub(r"[._]", "", user)
        return f"{user}{at}{host}{dot}{top.replace('.', dot)}"
    return f"{user}@{host}.{top}"


def _phone(rng: random.Random) -> str:
    d = lambda count: _digits(rng, count)  # noqa: E731
    return rng.choice(
        (
            f"07{d(3)} {d(6)}", f"07{d(9)}", f"+44 7{d(3)} {d(6)}", f"020 7{d(3)} {d(4)}",
            f"+44 (0)20 7{d(3)} {d(4)}", f"0{rng.choice('1')}{d(3)} {d(6)}",
            f"6{d(2)} {d(3)} {d(3)}", f"6{d(2)} {d(2)} {d(2)} {d(2)}", f"+34 6{d(2)} {d(3)} {d(3)}",
            f"9{rng.choice('1345')} {d(3)} {d(2)} {d(2)}", f"0034 9{d(2)} {d(3)} {d(3)}", f"6{d(8)}",
            f"3{rng.choice('2349')}{d(1)} {d(7)}", f"3{rng.choice('2349')}{d(1)} {d(3)} {d(4)}",
            f"+39 3{d(2)} {d(7)}", f"06 {d(4)} {d(4)}", f"+39 02 {d(4)} {d(4)}",
            f"(2{d(2)}) 5{d(2)}-{d(4)}", f"3{d(2)}-6{d(2)}-{d(4)}", f"+1 415 5{d(2)} {d(4)}",
            f"4{d(2)}.7{d(2)}.{d(4)}",
        )
    )  # fmt: skip


def _dni(rng: random.Random) -> str:
    number = int(_digits(rng, 8))
    letter = "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]
    if rng.random() < 0.3:
        short = number % 10_000_000
        prefix = rng.randrange(3)
        letter = "TRWAGMYFPDXBNJZSQVHLCKE"[(prefix * 10_000_000 + short) % 23]
        return f"{'XYZ'[prefix]}{rng.choice(('', '-'))}{short:07d}{rng.choice(('', '-'))}{letter}"
    return f"{number:08d}{rng.choice(('', '-', ' '))}{letter}"


def _cf(rng: random.Random) -> str:
    consonants = "BCDFGLMNPRSTVZ"
    letters = "".join(rng.choice(consonants) for _ in range(6))
    day = rng.randrange(1, 29) + rng.choice((0, 40))
    body = f"{letters}{rng.randrange(50, 99)}{rng.choice('ABCDEHLMPRST')}{day:02d}"
    body += f"{rng.choice('AFHL')}{rng.randrange(100, 999)}"
    odd = [
        1,
        0,
        5,
        7,
        9,
        13,
        15,
        17,
        19,
        21,
        2,
        4,
        18,
        20,
        11,
        3,
        6,
        8,
        12,
        14,
        16,
        10,
        22,
        25,
        24,
        23,
    ]
    total = 0
    for at, char in enumerate(body):
        value = int(char) if char.isdigit() else ord(char) - 65
        total += odd[value] if at % 2 == 0 else value
    whole = body + chr(65 + total % 26)
    return rng.choice(
        (whole, whole, whole.lower(), f"{whole[:3]} {whole[3:6]} {whole[6:11]} {whole[11:]}")
    )


def _nino(rng: random.Random) -> str:
    prefix = rng.choice(("AB", "JM", "CE", "PX", "SH", "WL"))
    d = [_digits(rng, 2) for _ in range(3)]
    end = rng.choice("ABCD")
    return rng.choice((f"{prefix}{''.join(d)}{end}", f"{prefix} {' '.join(d)} {end}"))


def _nhs(rng: random.Random) -> str:
    while True:
        body = rng.choice("46") + _digits(rng, 8)
        check = (
            11 - sum(int(c) * w for c, w in zip(body, range(10, 1, -1), strict=True)) % 11
        ) % 11
        if check != 10:
            return f"{body[:3]} {body[3:6]} {body[6:]}{check}"


def _ssn(rng: random.Random) -> str:
    area = rng.choice((rng.randrange(1, 666), rng.randrange(667, 900)))
    return f"{area:03d}-{rng.randrange(1, 100):02d}-{rng.randrange(1, 10000):04d}"


def _passport(rng: random.Random) -> str:
    return rng.choice((_digits(rng, 9), f"{rng.choice(('AAB', 'YA', 'C'))}{_digits(rng, 6)}"))


def _staff(rng: random.Random) -> str:
    return rng.choice(
        (_digits(rng, 5), _digits(rng, 6), f"E-{_digits(rng, 5)}", f"EMP{_digits(rng, 4)}")
    )


def _address_en(rng: random.Random) -> str:
    number, name = (
        rng.randrange(1, 300),
        rng.choice(("Oak", "Station", "Victoria", "Church", "St. Mary's")),
    )
    kind = rng.choice(("Street", "Road", "Avenue", "Lane", "Close", "Rd", "Drive"))
    code = f"{rng.choice(('SW1A', 'M4', 'BS8', 'EH12', 'LS6', 'E17'))} {rng.randrange(1, 9)}{rng.choice('AB')}{rng.choice('DEFG')}"
    state = f"{rng.choice(('Springfield, IL', 'Austin, TX', 'Portland, OR'))} {_digits(rng, 5)}"
    street = f"{number} {name} {kind}"
    return rng.choice(
        (street, f"{street}, {code}", f"{street}, Bristol {code}", f"Flat {rng.randrange(1, 9)}, {street}, {code}",
         f"{street}, {state}", code, state)
    )  # fmt: skip


def _address_es(rng: random.Random) -> str:
    kind = rng.choice(("Calle", "C/", "Avenida", "Avda.", "Paseo", "Plaza", "calle"))
    name = rng.choice(
        ("Alcalá", "de la Constitución", "Mayor", "San Bernardo", "del Prado", "Goya")
    )
    street = f"{kind} {name}{rng.choice((' ', ', ', ', nº '))}{rng.randrange(1, 200)}"
    flat = rng.choice(("", ", 3º B", ", 1º", " bis"))
    town = rng.choice(
        ("", f", 280{rng.randrange(10, 55)} Madrid", f", 410{rng.randrange(10, 20)} Sevilla")
    )
    return street + flat + town


def _address_it(rng: random.Random) -> str:
    kind = rng.choice(("Via", "Viale", "Piazza", "Corso", "Vicolo", "via"))
    name = rng.choice(
        ("Garibaldi", "Roma", "della Repubblica", "XX Settembre", "Giuseppe Verdi", "Dante")
    )
    street = f"{kind} {name}{rng.choice((' ', ', ', ', n. '))}{rng.randrange(1, 200)}"
    town = rng.choice(
        ("", f", 201{rng.randrange(10, 60)} Milano", f", 001{rng.randrange(10, 99)} Roma (RM)")
    )
    return street + town


def _date(rng: random.Random, language: str) -> str:
    day, month, year = rng.randrange(1, 29), rng.randrange(1, 13), rng.randrange(1950, 2005)
    names = {
        "en": "January February March April May June July August September October November December",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    }  # fmt: skip
    word = names[language].split()[month - 1]
    long = {
        "en": f"{day} {word} {year}",
        "es": f"{day} de {word} de {year}",
        "it": f"{day} {word} {year}",
    }
    return rng.choice(
        (f"{day:02d}/{month:02d}/{year}", f"{day}-{month}-{year}", f"{day}.{month}.{year}",
         f"{year}-{month:02d}-{day:02d}", long[language], long[language])
    )  # fmt: skip


def _link(rng: random.Random) -> str:
    return rng.choice(
        (f"https://portal.example/u/{_digits(rng, 6)}?token={_digits(rng, 9)}", f"www.site.example/id/{_digits(rng, 5)}",
         f"bit.ly/{rng.choice('abc')}{_digits(rng, 4)}Xy", f"http://forms.acme.example/r?id={_digits(rng, 7)}")
    )  # fmt: skip


def _handle(rng: random.Random) -> str:
    return (
        "@" + rng.choice(("night_owl", "bakes.", "chef", "ana_b", "il_portiere")) + _digits(rng, 2)
    )


def _ip(rng: random.Random) -> str:
    return ".".join(str(rng.randrange(1, 255)) for _ in range(4))


Value = Callable[[random.Random], str]
VALUES: dict[str, tuple[str, Value]] = {
    "name": ("name", _name), "wordname": ("name", _word_name), "stranger": ("name", _stranger),
    "mail": ("email", _mail), "phone": ("phone", _phone), "iban": ("account", _iban),
    "card": ("card", _card), "dni": ("id", _dni), "cf": ("id", _cf), "nino": ("id", _nino),
    "nhs": ("id", _nhs), "ssn": ("id", _ssn), "passport": ("id", _passport), "staff": ("id", _staff),
    "address_en": ("address", _address_en), "address_es": ("address", _address_es),
    "address_it": ("address", _address_it), "link": ("link", _link), "handle": ("handle", _handle),
    "ip": ("ip", _ip),
    "birth_en": ("birthdate", lambda rng: _date(rng, "en")),
    "birth_es": ("birthdate", lambda rng: _date(rng, "es")),
    "birth_it": ("birthdate", lambda rng: _date(rng, "it")),
}  # fmt: skip
# What is no personal data, whatever it looks like.
HARMLESS: dict[str, Value] = {
    "order": lambda rng: _digits(rng, rng.choice((6, 8, 9, 10, 12))),
    "imei": lambda rng: _luhn("35" + _digits(rng, 12)),
    "price": lambda rng: rng.choice(
        (f"£{rng.randrange(2, 900)}.{_digits(rng, 2)}", f"{rng.randrange(1, 9)}.{_digits(rng, 3)},{_digits(rng, 2)} €",
         f"$1,{_digits(rng, 3)}", f"{rng.randrange(10, 99)},50 euros", f"1.{_digits(rng, 3)}.{_digits(rng, 3)} pesos")
    ),
    "date": lambda rng: _date(rng, "en").replace("19", "20"),
    "fecha": lambda rng: _date(rng, "es").replace("19", "20"),
    "giorno": lambda rng: _date(rng, "it").replace("19", "20"),
    "room": lambda rng: str(rng.randrange(100, 1999)),
    "score": lambda rng: f"{rng.randrange(1, 10)}/10",
    "version": lambda rng: ".".join(str(rng.randrange(0, 20)) for _ in range(rng.choice((2, 3, 4)))),
    "time": lambda rng: f"{rng.randrange(0, 24):02d}:{rng.choice(('00', '15', '30'))}",
    "years": lambda rng: f"20{rng.randrange(10, 20)}-20{rng.randrange(20, 26)}",
    "count": lambda rng: str(rng.randrange(2, 90)),
}  # fmt: skip

DEVELOPED: dict[str, tuple[str, ...]] = {
    "en": (
        "My manager {name} never listens to anybody.",
        "I asked {name} for a day off and got laughed at.",
        "Thanks to {name} the whole trip was saved.",
        "{name}'s rota changes every week.",
        "It was {name} who sorted it out.",
        "I spoke with {wordname} about it twice.",
        "Please tell {wordname} that the bins are full.",
        "Mr {stranger} kept the keys.",
        "Mrs. {stranger} was lovely to my mother.",
        "Write to me at {mail} please.",
        "My mail is {mail}, no answer so far.",
        "Call me on {phone} after work.",
        "You can reach us on {phone}.",
        "They gave my number, {phone}, to a stranger.",
        "Refund to {iban} please.",
        "My card {card} was charged twice.",
        "My NI number {nino} is on the notice board.",
        "The nurse read out my NHS number {nhs} at the desk.",
        "They asked for my SSN {ssn} on the phone.",
        "Passport number {passport} was copied and left on the printer.",
        "I am employee number {staff}.",
        "They still send mail to {address_en} for me.",
        "Deliver it to {address_en} next time.",
        "I was born on {birth_en} and they call me kid.",
        "DOB: {birth_en}, it is wrong in the system.",
        "See {link} for the photos.",
        "Follow {handle} for the truth.",
        "Somebody logged in from {ip} in the night.",
        "Order {order} came three weeks late.",
        "The phone with IMEI {imei} was never repaired.",
        "I paid {price} for {count} nights.",
        "On {date} I asked again.",
        "Room {room} was cold, {score} for the view.",
        "Version {version} of the app crashes at {time}.",
        "From {years} it only got worse.",
        "Prices rose again and nobody will mark the date.",
        "The grace period is a joke, young staff leave, a long wait.",
    ),
    "es": (
        "La encargada {name} cambia los turnos sin avisar.",
        "Hablé con {name} y nada.",
        "Gracias a {name} todo salió bien.",
        "Me atendió {wordname} en la recepción.",
        "El señor {stranger} gritó delante de todos.",
        "La Sra. {stranger} fue muy amable.",
        "Mi correo es {mail}, espero respuesta.",
        "Escríbanme a {mail} cuanto antes.",
        "Llámame al {phone} por la tarde.",
        "Mi teléfono {phone} está en el tablón.",
        "La devolución a {iban} no llega.",
        "Me cobraron dos veces en la tarjeta {card}.",
        "Mi DNI {dni} está en la pared de la oficina.",
        "Fotocopiaron mi pasaporte {passport} sin permiso.",
        "Soy la empleada nº {staff} y nadie contesta.",
        "Mandan las cartas a {address_es} desde hace años.",
        "Vivo en {address_es} y tardo una hora.",
        "Nací el {birth_es} y me tratan como a un niño.",
        "Fecha de nacimiento: {birth_es}, está mal.",
        "Las fotos están en {link} todavía.",
        "El pedido {order} no ha llegado.",
        "Pagué {price} por {count} noches.",
        "El {fecha} pedí vacaciones.",
        "La habitación {room} olía mal, un {score}.",
        "La versión {version} falla a las {time}.",
        "El sol y la paz del jardín, una rosa en cada mesa.",
    ),
    "it": (
        "La responsabile {name} non ascolta nessuno.",
        "Ho parlato con {name} e niente.",
        "Grazie a {name} è andato tutto bene.",
        "Mi ha aiutato {wordname} alla reception.",
        "Il signor {stranger} ha urlato davanti a tutti.",
        "La dottoressa {stranger} è stata gentile.",
        "La mia mail è {mail}, aspetto risposta.",
        "Chiamatemi al {phone} dopo le otto.",
        "Il mio numero {phone} è in bacheca.",
        "Il rimborso su {iban} non arriva.",
        "Addebito doppio sulla carta {card}.",
        "Il mio codice fiscale {cf} è sullo scontrino.",
        "Passaporto {passport} fotocopiato senza chiedere.",
        "Matricola {staff}, nessuno risponde.",
        "Spediscono ancora in {address_it} le buste paga.",
        "Abito in {address_it} e ci metto un'ora.",
        "Sono nato il {birth_it} e mi trattano da ragazzino.",
        "Data di nascita {birth_it}, sbagliata.",
        "Le foto sono su {link} ancora oggi.",
        "L'ordine {order} non è mai arrivato.",
        "Ho pagato {price} per {count} notti.",
        "Il {giorno} ho chiesto le ferie.",
        "La camera {room} era fredda, voto {score}.",
        "La versione {version} si blocca alle {time}.",
        "I conti non tornano e il vino rosso costa troppo.",
    ),
}
HELD_OUT: dict[str, tuple[str, ...]] = {
    "en": (
        "Nobody dares to contradict {name} in meetings.",
        "Between us, {name} has favourites.",
        "When {name} is off, everything works.",
        "The night shift under {name} was a nightmare.",
        "Ask anyone, {wordname} does the job of three.",
        "Big thank you to {wordname} from reservations.",
        "Dr {stranger} saw me two hours late.",
        "Ms {stranger} refused to refund me.",
        "Contact: {mail} or {phone}.",
        "If you want proof, text {phone}.",
        "I left a voicemail from {phone} on Monday.",
        "The agent wrote {card} on a post-it.",
        "You can pay it into {iban}, as agreed.",
        "National insurance {nino} went to the wrong person.",
        "social security number {ssn}, read aloud in the lobby",
        "staff id {staff}, please look into this",
        "My flat is at {address_en}, the courier cannot find it.",
        "HR still has {address_en} as my home.",
        "My date of birth is {birth_en}, not what is on the card.",
        "As somebody born {birth_en} I find that insulting.",
        "My account was opened from {ip} abroad.",
        "Ticket no. {order} was closed without a word.",
        "Tracking {order} shows nothing since {date}.",
        "We waited from {time} to {time} for table {count}.",
        "The bill said {price}, the menu {price}.",
        "Their score fell to {score} after update {version}.",
        "I hope the new king size bed has a soft pillow, it will be worth it.",
    ),
    "es": (
        "Nadie se atreve a llevar la contraria a {name} nunca.",
        "Cuando {name} libra, todo funciona.",
        "Un diez para {wordname}, siempre atenta.",
        "Doña {stranger} lleva la caja sola.",
        "Contacto: {mail} o {phone}.",
        "Dejé un mensaje desde el {phone} el lunes.",
        "Apuntaron la tarjeta {card} en un papel.",
        "El ingreso en {iban} sigue pendiente.",
        "Con NIE o DNI {dni} en la mano me mandaron a otra ventanilla.",
        "Mi casa, {address_es}, está lejos de la nueva sede.",
        "Cumplo años el {birth_es} y no me dejan librar.",
        "Incidencia {order} cerrada sin más.",
        "La factura {order} del {fecha} está mal, son {price}.",
        "Esperamos de {time} a {time} en la mesa {count}.",
        "Un domingo franco, con torres y campos blancos al fondo.",
    ),
    "it": (
        "Nessuno osa contraddire {name} in riunione.",
        "Quando {name} è in ferie funziona tutto.",
        "Un dieci a {wordname}, sempre attenta.",
        "Il dott. {stranger} ci ha fatto aspettare.",
        "Contatti: {mail} oppure {phone}.",
        "Ho lasciato un messaggio dal {phone} lunedì.",
        "Hanno scritto la carta {card} su un foglietto.",
        "Il bonifico su {iban} è ancora in sospeso.",
        "cf {cf} letto ad alta voce allo sportello",
        "Casa mia, {address_it}, è lontana dalla nuova sede.",
        "Nata a Bari il {birth_it}, ancora senza contratto.",
        "La pratica {order} è chiusa senza spiegazioni.",
        "La fattura {order} del {giorno} è sbagliata, sono {price}.",
        "Abbiamo aspettato dalle {time} alle {time} al tavolo {count}.",
        "Una giornata serena, la costa chiara e il mare grande.",
    ),
}
# Written after the last change to a recogniser, and run once.
UNSEEN: dict[str, tuple[str, ...]] = {
    "en": (
        "Honestly, {name} treats the bar like a private club.",
        "Our {name} is a gem, give that person a raise.",
        "Everybody except {name} knew about the closure.",
        "No idea why {name} and {name} cannot share a rota.",
        "Spoke to {wordname} at the desk, then to {wordname} on the phone.",
        "Had a chat with Mr. {stranger} about it.",
        "My address for the refund is {mail} and my mobile {phone}.",
        "Ring {phone} if the parcel turns up.",
        "payment card {card} was read out in front of the queue",
        "They want it on {iban} by Friday.",
        "it says {nino} on my payslip and on the door of the canteen",
        "Medical file {nhs} was left on a trolley.",
        "US payroll lost {ssn} in an open mail.",
        "Driving licence {passport} was kept at the front desk.",
        "I work here as staff number {staff} since last spring.",
        "Home is {address_en} and the last bus goes at {time}.",
        "d.o.b. {birth_en} is all over the rota",
        "the pictures are at {link}",
        "ask {handle} about the tips",
        "Case {order} has been open since {date}.",
        "My booking {order} for {count} people cost {price}.",
        "Invoice {order}, {price}, dated {date}, is wrong.",
        "Firmware {version} broke the till at {time}.",
        "Model {order} of the kettle leaks.",
        "The manager will grant a day of rest in the summer, hope so.",
    ),
    "es": (
        "Sinceramente, {name} trata el bar como su casa.",
        "Todos menos {name} sabían lo del cierre.",
        "No entiendo por qué {name} y {name} no comparten turno.",
        "Pregunté por {wordname} en la tienda y nadie sabía nada.",
        "La señora {stranger} me devolvió el dinero.",
        "Mi dirección es {mail} y el móvil {phone}.",
        "Llamad al {phone} si aparece el paquete.",
        "tarjeta {card} leída en voz alta en la cola",
        "Lo quieren en {iban} antes del viernes.",
        "En la nómina pone {dni} y está en la puerta del comedor.",
        "Resido en {address_es} y el último bus sale a las {time}.",
        "nacida el {birth_es} y con veinte años de experiencia",
        "El ticket {order} sigue abierto desde el {fecha}.",
        "Reserva {order} para {count} personas, {price}.",
        "La plaza mayor, la calle ancha y el camino verde, todo precioso.",
    ),
    "it": (
        "Sinceramente, {name} tratta il bar come casa sua.",
        "Tutti tranne {name} sapevano della chiusura.",
        "Non capisco perché {name} e {name} non dividano il turno.",
        "Ho chiesto di {wordname} in negozio e nessuno sapeva niente.",
        "La signora {stranger} mi ha ridato i soldi.",
        "Il mio indirizzo è {mail} e il cellulare {phone}.",
        "Telefonate al {phone} se arriva il pacco.",
        "carta {card} letta ad alta voce in coda",
        "Lo vogliono su {iban} entro venerdì.",
        "In busta paga c'è {cf} ed è sulla porta della mensa.",
        "Vivo in {address_it} e l'ultimo autobus parte alle {time}.",
        "nata il {birth_it} e con venti anni di esperienza",
        "Il ticket {order} è aperto dal {giorno}.",
        "Prenotazione {order} per {count} persone, {price}.",
        "La piazza grande, la via stretta e il corso pieno di gente.",
    ),
}
_FIELD = re.compile(r"\{(\w+)\}")
PEOPLE = people()


def comments(templates: dict[str, tuple[str, ...]], count: int, seed: int) -> list[Marked]:
    """Return so many comments of one to three sentences of one language."""
    rng = random.Random(seed)
    made = []
    for at in range(count):
        own = templates[("en", "es", "it")[at % 3]]
        made.append(_filled(" ".join(rng.sample(own, rng.randrange(1, 4))), rng))
    return made


def _filled(template: str, rng: random.Random) -> Marked:
    text, spans, at = "", [], 0
    for field in _FIELD.finditer(template):
        text += template[at : field.start()]
        at = field.end()
        if field[1] in HARMLESS:
            text += HARMLESS[field[1]](rng)
            continue
        kind, make = VALUES[field[1]]
        value = make(rng)
        spans.append((len(text), len(text) + len(value), kind))
        text += value
    return Marked(text + template[at:], tuple(spans))

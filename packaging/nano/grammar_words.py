"""The lexicon's names, times, verbs and people in four languages."""

from __future__ import annotations

from grammar_forms import LANGUAGES, Entry, names, plain, plain_table, rows, tongues
from grammar_nouns import FAMILY

CITIES = names("""
Berlin; Berlin; Berlin; Berlín
Paris; Paris; Paris; París
London; London; Londres; Londres
Madrid; Madrid; Madrid; Madrid
Rome; Rom; Rome; Roma
Vienna; Wien; Vienne; Viena
Munich; München; Munich; Múnich
Hamburg; Hamburg; Hambourg; Hamburgo
Lyon; Lyon; Lyon; Lyon
Barcelona; Barcelona; Barcelone; Barcelona
Seville; Sevilla; Séville; Sevilla
Lisbon; Lissabon; Lisbonne; Lisboa
Geneva; Genf; Genève; Ginebra
Milan; Mailand; Milan; Milán
Brussels; Brüssel; Bruxelles; Bruselas
Prague; Prag; Prague; Praga
Cologne; Köln; Cologne; Colonia
Bordeaux; Bordeaux; Bordeaux; Burdeos
Valencia; Valencia; Valence; Valencia
Dublin; Dublin; Dublin; Dublín
""")

COUNTRIES = names("""
England; England; Angleterre; Inglaterra
Germany; Deutschland; Allemagne; Alemania
France; Frankreich; France; Francia
Spain; Spanien; Espagne; España
Italy; Italien; Italie; Italia
Austria; Österreich; Autriche; Austria
Belgium; Belgien; Belgique; Bélgica
Poland; Polen; Pologne; Polonia
Norway; Norwegen; Norvège; Noruega
Sweden; Schweden; Suède; Suecia
""")

TONGUES = tongues("""
English; Englisch; anglais; inglés
German; Deutsch; allemand; alemán
French; Französisch; français; francés
Spanish; Spanisch; espagnol; español
Italian; Italienisch; italien; italiano
Portuguese; Portugiesisch; portugais; portugués
""")

NAMES = tuple(plain(name, name, name, name) for name in (
    "Anna", "Thomas", "Maria", "Peter", "Julia", "Robert", "Laura", "Martin", "Sofia", "Daniel",
    "Clara", "Simon", "Eva", "David", "Nina", "Oscar",
))  # fmt: skip

WEEKDAYS = plain_table("""
Monday; Montag; lundi; lunes
Tuesday; Dienstag; mardi; martes
Wednesday; Mittwoch; mercredi; miércoles
Thursday; Donnerstag; jeudi; jueves
Friday; Freitag; vendredi; viernes
Saturday; Samstag; samedi; sábado
Sunday; Sonntag; dimanche; domingo
""")

MONTHS = plain_table("""
January; Januar; janvier; enero
February; Februar; février; febrero
March; März; mars; marzo
April; April; avril; abril
May; Mai; mai; mayo
June; Juni; juin; junio
July; Juli; juillet; julio
August; August; août; agosto
September; September; septembre; septiembre
October; Oktober; octobre; octubre
November; November; novembre; noviembre
December; Dezember; décembre; diciembre
""")

WHEN = plain_table("""
today; heute; aujourd'hui; hoy
tomorrow; morgen; demain; mañana
tonight; heute Abend; ce soir; esta noche
tomorrow morning; morgen früh; demain matin; mañana por la mañana
this afternoon; heute Nachmittag; cet après-midi; esta tarde
next week; nächste Woche; la semaine prochaine; la próxima semana
next month; nächsten Monat; le mois prochain; el próximo mes
this week; diese Woche; cette semaine; esta semana
now; jetzt; maintenant; ahora
soon; bald; bientôt; pronto
on Monday; am Montag; lundi; el lunes
on Tuesday; am Dienstag; mardi; el martes
on Wednesday; am Mittwoch; mercredi; el miércoles
on Thursday; am Donnerstag; jeudi; el jueves
on Friday; am Freitag; vendredi; el viernes
on Saturday; am Samstag; samedi; el sábado
on Sunday; am Sonntag; dimanche; el domingo
""")


def _days() -> tuple[Entry, ...]:
    """The days of the week as "on Monday", with the habit as the form "plural"."""
    made = []
    for day in WEEKDAYS:
        en, de, fr, es = (day.forms[code][""] for code in LANGUAGES)
        forms = {
            "en": {"": f"on {en}", "plural": f"on {en}s", "name": en},
            "de": {"": f"am {de}", "plural": f"{de.lower()}s", "name": de},
            "fr": {"": fr, "plural": f"le {fr}", "name": fr},
            "es": {
                "": f"el {es}",
                "plural": f"los {es if es[-1] == 's' else es + 's'}",
                "name": es,
            },
        }
        made.append(Entry(forms, {}))
    return tuple(made)


DAYS = _days()

# infinitive and participle of each language; every one takes a direct object and "to have"
_Verb = list[str]


def _verbs(lines: str) -> tuple[Entry, ...]:
    return tuple(_verb(cells) for cells in rows(lines, 4))


def _verb(cells: _Verb) -> Entry:
    forms = {}
    for language, cell in zip(LANGUAGES, cells, strict=True):
        infinitive, participle, *rest = cell.split("/")
        forms[language] = {"inf": infinitive, "pp": participle}
        if rest:
            forms[language]["do"] = rest[0]
    return Entry(forms, {})


THING_VERBS = _verbs("""
buy/bought; kaufen/gekauft; acheter/acheté; comprar/comprado
sell/sold; verkaufen/verkauft; vendre/vendu; vender/vendido
find/found; finden/gefunden; trouver/trouvé; encontrar/encontrado
lose/lost; verlieren/verloren; perdre/perdu; perder/perdido
forget/forgotten; vergessen/vergessen; oublier/oublié; olvidar/olvidado
see/seen; sehen/gesehen; voir/vu; ver/visto
bring/brought; bringen/gebracht; apporter/apporté; traer/traído
pay for/paid for; bezahlen/bezahlt; payer/payé; pagar/pagado
""")

# with the imperative: English and Spanish whole, German and French too (Sie, vous)
DOCUMENT_VERBS = _verbs("""
print/printed/print; drucken/gedruckt/drucken; imprimer/imprimé/imprimez; imprimir/impreso/imprima
send/sent/send; senden/gesendet/senden; envoyer/envoyé/envoyez; enviar/enviado/envíe
read/read/read; lesen/gelesen/lesen; lire/lu/lisez; leer/leído/lea
write/written/write; schreiben/geschrieben/schreiben; écrire/écrit/écrivez; escribir/escrito/escriba
check/checked/check; prüfen/geprüft/prüfen; vérifier/vérifié/vérifiez; revisar/revisado/revise
copy/copied/copy; kopieren/kopiert/kopieren; copier/copié/copiez; copiar/copiado/copie
translate/translated/translate; übersetzen/übersetzt/übersetzen; traduire/traduit/traduisez; traducir/traducido/traduzca
delete/deleted/delete; löschen/gelöscht/löschen; supprimer/supprimé/supprimez; borrar/borrado/borre
sign/signed/sign; unterschreiben/unterschrieben/unterschreiben; signer/signé/signez; firmar/firmado/firme
""")  # noqa: E501

OPEN_VERBS = _verbs("""
open/opened/open; öffnen/geöffnet/öffnen; ouvrir/ouvert/ouvrez; abrir/abierto/abra
close/closed/close; schließen/geschlossen/schließen; fermer/fermé/fermez; cerrar/cerrado/cierre
clean/cleaned/clean; putzen/geputzt/putzen; nettoyer/nettoyé/nettoyez; limpiar/limpiado/limpie
repair/repaired/repair; reparieren/repariert/reparieren; réparer/réparé/réparez; reparar/reparado/repare
""")  # noqa: E501

FOOD_VERBS = _verbs("""
order/ordered; bestellen/bestellt; commander/commandé; pedir/pedido
try/tried; probieren/probiert; goûter/goûté; probar/probado
pay for/paid for; bezahlen/bezahlt; payer/payé; pagar/pagado
""")

# Who does it. French "je" is part of the verb (j'ai), Spanish "yo" and "nosotros" are left out.
_PERSONS = (
    ("1s", "I", "ich", "", ""),
    ("1p", "we", "wir", "nous", ""),
    ("3s", "he", "er", "il", "él"),
    ("3s", "she", "sie", "elle", "ella"),
)


def _subjects() -> tuple[Entry, ...]:
    made = []
    for person, *words in _PERSONS:
        forms = {code: {"": word} for code, word in zip(LANGUAGES, words, strict=True)}
        made.append(Entry(forms, dict.fromkeys(LANGUAGES, person)))
    for relative in FAMILY:
        forms = {code: {"": relative.forms[code]["my"]} for code in LANGUAGES}
        made.append(Entry(forms, dict.fromkeys(LANGUAGES, "3s")))
    return tuple(made)


SUBJECTS = _subjects()


def _finite(en: str, de: str, fr: str, es: str) -> Entry:
    """A verb by person: "1s/1p/3s" in every language."""
    forms = {}
    for code, cell in zip(LANGUAGES, (en, de, fr, es), strict=True):
        forms[code] = {f".{p}": w for p, w in zip(("1s", "1p", "3s"), cell.split("/"), strict=True)}
    return Entry(forms, {})


MUST = _finite("must/must/must", "muss/müssen/muss", "je dois/devons/doit",
               "tengo que/tenemos que/tiene que")  # fmt: skip

WOULD = _finite("would like to/would like to/would like to", "möchte/möchten/möchte",
                "je voudrais/voudrions/voudrait", "quisiera/quisiéramos/quisiera")  # fmt: skip

CAN = _finite("can/can/can", "kann/können/kann", "je peux/pouvons/peut",
              "puedo/podemos/puede")  # fmt: skip

HAVE = _finite("have/have/has", "habe/haben/hat", "j'ai/avons/a", "tengo/tenemos/tiene")

HAVE_DONE = _finite("have/have/has", "habe/haben/hat", "j'ai/avons/a", "he/hemos/ha")

NEED = _finite("need/need/needs", "brauche/brauchen/braucht",
               "j'ai besoin/avons besoin/a besoin", "necesito/necesitamos/necesita")  # fmt: skip

SEEK = _finite("am looking for/are looking for/is looking for", "suche/suchen/sucht",
               "je cherche/cherchons/cherche", "busco/buscamos/busca")  # fmt: skip

ARRIVE = _finite("arrive/arrive/arrives", "komme/kommen/kommt", "j'arrive/arrivons/arrive",
                 "llego/llegamos/llega")  # fmt: skip

TRAVEL = _finite("am going/are going/is going", "fahre/fahren/fährt", "je vais/allons/va",
                 "voy/vamos/va")  # fmt: skip

EAT = _finite("am eating/are eating/is eating", "esse/essen/isst", "je mange/mangeons/mange",
              "como/comemos/come")  # fmt: skip

BUY = _finite("am buying/are buying/is buying", "kaufe/kaufen/kauft",
              "j'achète/achetons/achète", "compro/compramos/compra")  # fmt: skip

GO = _finite("am going/are going/is going", "gehe/gehen/geht", "je vais/allons/va",
             "voy/vamos/va")  # fmt: skip

LIVE = _finite("live/live/lives", "wohne/wohnen/wohnt", "j'habite/habitons/habite",
               "vivo/vivimos/vive")  # fmt: skip

SPEAK = _finite("speak/speak/speaks", "spreche/sprechen/spricht", "je parle/parlons/parle",
                "hablo/hablamos/habla")  # fmt: skip

COME = _finite("come/come/comes", "komme/kommen/kommt", "je viens/venons/vient",
               "vengo/venimos/viene")  # fmt: skip

WORK = _finite("work/" + "work/works", "arbeite/arbeiten/arbeitet",
               "je travaille/travaillons/travaille", "trabajo/trabajamos/trabaja")  # fmt: skip


def _people() -> tuple[Entry, ...]:
    """He, she and the family, with their gender, all as the form "my"."""
    made = []
    for gender, *words in (("m", "he", "er", "il", "él"), ("f", "she", "sie", "elle", "ella")):
        forms = {code: {"my": word} for code, word in zip(LANGUAGES, words, strict=True)}
        made.append(Entry(forms, {"en": "n", "de": gender, "fr": gender, "es": gender}))
    return (*made, *FAMILY)


PEOPLE = _people()


def _sides() -> tuple[Entry, ...]:
    made = []
    for en, de, fr, es in (
        ("left", "links", "à gauche", "a la izquierda"),
        ("right", "rechts", "à droite", "a la derecha"),
    ):
        words = {"en": (en, f"the {en}"), "de": (de, de), "fr": (fr, fr), "es": (es, es)}
        forms = {code: {"": bare, "the": the} for code, (bare, the) in words.items()}
        made.append(Entry(forms, {}))
    return tuple(made)


SIDES = _sides()

FUTURE = WHEN[1:8]

GREETINGS = plain_table("""
good morning; guten Morgen; bonjour; buenos días
good evening; guten Abend; bonsoir; buenas noches
hello; hallo; salut; hola
goodbye; auf Wiedersehen; au revoir; adiós
thank you; danke; merci; gracias
""")

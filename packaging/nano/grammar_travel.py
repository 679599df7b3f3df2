"""Patterns about places, directions, orders and shopping."""

from __future__ import annotations

import grammar_nouns as g
import grammar_words as w
from grammar_patterns import Pattern, pattern
from grammar_slots import counted, ordinals, spread

_THREE = (*g.DRINKS, *g.DISHES)

_NAMED = (
    *g.PLACES, *g.ROOMS, *g.THINGS, *g.OPENABLE[:4], *g.MACHINES, *g.DOCUMENTS, *g.DRINKS,
    *g.DISHES, *g.FOODS, *g.LIQUIDS, *g.FRUITS, *g.EVENTS, *g.TRAVELS, *g.VESSELS, *g.FURNITURE,
)  # fmt: skip

# fmt: off
PLACES: tuple[Pattern, ...] = (
    pattern("place", "{x.the}.", "{x.the}.", "{x.the}.", "{x.the}.", x=_NAMED, weight=3),
    pattern("place", "Where is {p.the}?", "Wo ist {p.the}?", "Où est {p.the} ?",
            "¿Dónde está {p.the}?", p=g.PLACES, weight=4),
    pattern("place", "{a.the} is next to {b.the}.", "{a.the} ist neben {b.the3}.",
            "{a.the} est à côté {b.de}.", "{a.the} está al lado {b.de}.", a=g.PLACES, b=g.PLACES),
    pattern("place", "{a.the} is opposite {b.the}.", "{a.the} ist gegenüber {b.the3}.",
            "{a.the} est en face {b.de}.", "{a.the} está enfrente {b.de}.", a=g.PLACES, b=g.PLACES),
    pattern("place", "{a.the} is behind {b.the}.", "{a.the} ist hinter {b.the3}.",
            "{a.the} est derrière {b.the}.", "{a.the} está detrás {b.de}.", a=g.PLACES, b=g.PLACES),
    pattern("place", "{a.the} is in front of {b.the}.", "{a.the} ist vor {b.the3}.",
            "{a.the} est devant {b.the}.", "{a.the} está delante {b.de}.", a=g.PLACES, b=g.PLACES),
    pattern("place", "{a.the} is near {b.the}.", "{a.the} ist in der Nähe {b.von}.",
            "{a.the} est près {b.de}.", "{a.the} está cerca {b.de}.", a=g.PLACES, b=g.PLACES),
    pattern("place", "{p.the} {a.is@p}.", "{p.the} {a.is@p}.", "{p.the} {a.is@p}.",
            "{p.the} {a.is@p}.", p=g.PLACES, a=g.PLACE_STATES),
    pattern("place", "Is {p.the} {a@p} {t}?", "Ist {p.the} {t} {a}?", "{p.the} {a.is@p} {t} ?",
            "¿{a.is@p} {t} {p.the}?", p=g.PLACES, a=g.PLACE_STATES[:3],
            t=(*w.WHEN[:3], *w.WHEN[8:9], *w.DAYS)),
    pattern("place", "Is there {p.a} near here?", "Gibt es hier in der Nähe {p.a4}?",
            "Y a-t-il {p.a} près d'ici ?", "¿Hay {p.a} cerca de aquí?", p=g.PLACES, weight=4),
    pattern("place", "{x.the} is in {r.the}.", "{x.the} ist {r.in}.", "{x.the} est dans {r.the}.",
            "{x.the} está en {r.the}.", x=g.THINGS, r=g.ROOMS),
    pattern("place", "Where is {x.my}?", "Wo ist {x.my}?", "Où est {x.my} ?", "¿Dónde está {x.my}?",
            x=(*g.THINGS, *g.FAMILY), weight=4),
    pattern("place", "{s} {v@s} in {c}.", "{s} {v@s} in {c}.", "{s} {v@s} à {c}.",
            "{s} {v@s} en {c}.", s=w.SUBJECTS, v=w.LIVE, c=w.CITIES),
    pattern("place", "{s} {v@s} in {c}.", "{s} {v@s} in {c}.", "{s} {v@s} à {c}.",
            "{s} {v@s} en {c}.", s=w.SUBJECTS, v=w.WORK, c=w.CITIES),
    pattern("place", "{s} {v@s} from {c}.", "{s} {v@s} aus {c}.", "{s} {v@s} {c.of}.",
            "{s} {v@s} de {c}.", s=w.SUBJECTS, v=w.COME, c=w.COUNTRIES),
    pattern("place", "{s} {v@s} to {c} {t}.", "{s} {v@s} {t} nach {c}.", "{s} {v@s} à {c} {t}.",
            "{s} {v@s} a {c} {t}.", s=w.SUBJECTS, v=w.TRAVEL, c=w.CITIES, t=w.WHEN),
    pattern("place", "{c} is a beautiful city.", "{c} ist eine schöne Stadt.",
            "{c} est une belle ville.", "{c} es una ciudad bonita.", c=w.CITIES, weight=2),
)
# fmt: on

# fmt: off
DIRECTIONS: tuple[Pattern, ...] = (
    pattern("direction", "How do I get to {p.the}?", "Wie komme ich {p.zu}?",
            "Comment aller {p.au} ?", "¿Cómo llego {p.al}?", p=g.PLACES, weight=4),
    pattern("direction", "Turn {d} at {p.the}.", "Biegen Sie {p.an} {d} ab.", "Tournez {d} {p.au}.",
            "Gire {d} en {p.the}.", d=w.SIDES, p=g.PLACES, weight=5),
    pattern("direction", "Go straight ahead to {p.the}.", "Gehen Sie geradeaus {p.bis}.",
            "Allez tout droit jusqu'{p.au}.", "Siga recto hasta {p.the}.", p=g.PLACES, weight=4),
    pattern("direction", "Go straight ahead to {p.the}, then turn {d}.",
            "Gehen Sie geradeaus {p.bis}, dann {d}.", "Allez tout droit jusqu'{p.au}, puis {d}.",
            "Siga recto hasta {p.the}, luego {d}.", p=g.PLACES, d=w.SIDES, weight=5),
    pattern("direction", "Take the {n} street on {d.the}.", "Nehmen Sie die {n} Straße {d}.",
            "Prenez la {n} rue {d}.", "Tome la {n} calle {d}.", n=ordinals(10), d=w.SIDES,
            weight=4),
    pattern("direction", "Take the {n} street on {d.the} after {p.the}.",
            "Nehmen Sie nach {p.the3} die {n} Straße {d}.", "Prenez la {n} rue {d} après {p.the}.",
            "Tome la {n} calle {d} después {p.de}.", n=ordinals(5), d=w.SIDES, p=g.PLACES),
    pattern("direction", "{p.the} is {n} from here.", "{p.the} ist {n} von hier.",
            "{p.the} est à {n} d'ici.", "{p.the} está a {n} de aquí.", p=g.PLACES,
            n=counted((g.KILOMETRE, g.METRE), 2, 99)),
    pattern("direction", "{p.the} is {n} away on foot.", "{p.the} ist {n} zu Fuß entfernt.",
            "{p.the} est à {n} à pied.", "{p.the} está a {n} a pie.", p=g.PLACES,
            n=counted((g.MINUTE,), 2, 60)),
    pattern("direction", "How far is it to {p.the}?", "Wie weit ist es {p.bis}?",
            "À quelle distance est {p.the} ?", "¿A qué distancia está {p.the}?", p=g.PLACES,
            weight=4),
    pattern("direction", "{p.the} is on {d.the}.", "{p.the} ist {d}.", "{p.the} est {d}.",
            "{p.the} está {d}.", p=g.PLACES, d=w.SIDES, weight=4),
    pattern("direction", "{p.the} is on {d.the} of {q.the}.", "{p.the} ist {d} {q.von}.",
            "{p.the} est {d} {q.de}.", "{p.the} está {d} {q.de}.", p=g.PLACES, q=g.PLACES,
            d=w.SIDES),
    pattern("direction", "Take bus {n} to {p.the}.", "Nehmen Sie den Bus {n} {p.bis}.",
            "Prenez le bus {n} jusqu'{p.au}.", "Tome el autobús {n} hasta {p.the}.",
            n=spread(2, 199), p=g.PLACES),
    pattern("direction", "The train leaves from platform {n}.", "Der Zug fährt von Gleis {n} ab.",
            "Le train part de la voie {n}.", "El tren sale del andén {n}.", n=spread(1, 99),
            weight=4),
    pattern("direction", "{r.the} is on the {n} floor.", "{r.the} ist im {n.im} Stock.",
            "{r.the} est au {n.m} étage.", "{r.the} está en el {n.m} piso.", r=g.ROOMS,
            n=ordinals(10), weight=4),
    pattern("direction", "{s} {v@s} to {p.the} {t}.", "{s} {v@s} {t} {p.zu}.",
            "{s} {v@s} {p.au} {t}.", "{s} {v@s} {p.al} {t}.", s=w.SUBJECTS, v=w.GO, p=g.PLACES,
            t=w.WHEN),
)
# fmt: on

# fmt: off
ORDERS: tuple[Pattern, ...] = (
    pattern("order", "{x.a}, please.", "{x.a4}, bitte.", "{x.a}, s'il vous plaît.",
            "{x.a}, por favor.", x=(*_THREE, *g.THINGS, *g.FRUITS), weight=5),
    pattern("order", "{x.a} and {y.a}, please.", "{x.a4} und {y.a4}, bitte.",
            "{x.a} et {y.a}, s'il vous plaît.", "{x.a} y {y.a}, por favor.", x=_THREE, y=_THREE),
    pattern("order", "{n}, please.", "{n}, bitte.", "{n}, s'il vous plaît.", "{n}, por favor.",
            n=counted((*_THREE, *g.FRUITS), 2, 20)),
    pattern("order", "{n} and {m}, please.", "{n} und {m}, bitte.",
            "{n} et {m}, s'il vous plaît.", "{n} y {m}, por favor.",
            n=counted(g.DISHES, 2, 9), m=counted(g.DRINKS, 2, 9)),
    pattern("order", "I would like {x.a} with {f.sg} and {y.a}.",
            "Ich hätte gern {x.a4} mit {f.sg} und {y.a4}.",
            "Je voudrais {x.a} avec {f.some} et {y.a}.", "Quisiera {x.a} con {f.sg} y {y.a}.",
            x=g.DISHES, f=g.FOODS, y=g.DRINKS),
    pattern("order", "{s} {v@s} {k.a} of {d.sg}.", "{s} {v@s} {k.a4} {d.sg}.",
            "{s} {v@s} {k.a} {d.of}.", "{s} {v@s} {k.a} de {d.sg}.", s=w.SUBJECTS[2:], v=w.WOULD,
            k=g.VESSELS, d=(*g.LIQUIDS, *g.DRINKS[:6])),
    pattern("order", "I would like {x.a} and {y.a}.", "Ich hätte gern {x.a4} und {y.a4}.",
            "Je voudrais {x.a} et {y.a}.", "Quisiera {x.a} y {y.a}.", x=g.DISHES, y=g.DRINKS),
    pattern("order", "We would like {n}.", "Wir hätten gern {n}.", "Nous voudrions {n}.",
            "Quisiéramos {n}.", n=counted(_THREE, 2, 12)),
    pattern("order", "{k.a} of {d.sg}, please.", "{k.a4} {d.sg}, bitte.",
            "{k.a} {d.of}, s'il vous plaît.", "{k.a} de {d.sg}, por favor.", k=g.VESSELS,
            d=(*g.LIQUIDS, *g.DRINKS[:6]), weight=5),
    pattern("order", "I would like {n} of {f.pl}.", "Ich hätte gern {n} {f.pl}.",
            "Je voudrais {n} {f.ofpl}.", "Quisiera {n} de {f.pl}.", n=counted((g.KILO,), 2, 12),
            f=g.FRUITS),
    pattern("order", "I would like {x.a} with {f.sg}.", "Ich hätte gern {x.a4} mit {f.sg}.",
            "Je voudrais {x.a} avec {f.some}.", "Quisiera {x.a} con {f.sg}.", x=g.DISHES,
            f=g.FOODS),
    pattern("order", "{s} {v@s} some {f.sg}.", "{s} {v@s} {f.sg}.", "{s} {v@s} {f.some}.",
            "{s} {v@s} {f.sg}.", s=w.SUBJECTS, v=w.EAT, f=g.FOODS),
    pattern("order", "{s} {v@s} some {f.sg} and {g.sg}.", "{s} {v@s} {f.sg} und {g.sg}.",
            "{s} {v@s} {f.some} et {g.some}.", "{s} {v@s} {f.sg} y {g.sg}.", s=w.SUBJECTS, v=w.BUY,
            f=g.FOODS, g=g.LIQUIDS),
    pattern("order", "{x.the} {a.is@x}.", "{x.the} {a.is@x}.", "{x.the} {a.is@x}.",
            "{x.the} {a.is@x}.", x=(*g.DRINKS, *g.DISHES, *g.FOODS, *g.LIQUIDS), a=g.FOOD_STATES),
    pattern("order", "{s} {v@s} {i.inf} {x.the}.", "{s} {v@s} {x.the4} {i.inf}.",
            "{s} {v@s} {i.inf} {x.the}.", "{s} {v@s} {i.inf} {x.the}.", s=w.SUBJECTS, v=w.WOULD,
            i=w.FOOD_VERBS, x=g.DISHES),
)
# fmt: on

"""The lexicon's nouns and adjectives in four languages; see `grammar_forms` for the lines.

Chosen so that no two words of one language share a counterpart in another.
"""

from __future__ import annotations

from grammar_forms import adjectives, nouns

PLACES = nouns("""
station; m Bahnhof; f gare; f estación
airport; m Flughafen; m aéroport; m aeropuerto
hotel; n Hotel; m hôtel; m hotel
museum; n Museum; m musée; m museo
bank; f Bank; f banque; m banco
pharmacy; f Apotheke; f pharmacie; f farmacia
post office; f Post; f poste; f oficina de correos
hospital; n Krankenhaus; m hôpital; m hospital
restaurant; n Restaurant; m restaurant; m restaurante
supermarket; m Supermarkt; m supermarché; m supermercado
market; m Markt; m marché; m mercado
school; f Schule; f école; f escuela
library; f Bibliothek; f bibliothèque; f biblioteca
church; f Kirche; f église; f iglesia
park; m Park; m parc; m parque
beach; m Strand; f plage; f playa
harbour; m Hafen; m port; m puerto
bridge; f Brücke; m pont; m puente
castle; n Schloss; m château; m castillo
cinema; n Kino; m cinéma; m cine
theatre; n Theater; m théâtre; m teatro
town hall; n Rathaus; f mairie; m ayuntamiento
bakery; f Bäckerei; f boulangerie; f panadería
university; f Universität; f université; f universidad
embassy; f Botschaft; f ambassade; f embajada
bus stop; f Bushaltestelle; m arrêt de bus; f parada de autobús
car park; m Parkplatz; m parking; m aparcamiento
swimming pool; n Schwimmbad; f piscine; f piscina
bookshop; f Buchhandlung; f librairie; f librería
river; m Fluss; f rivière; m río
factory; f Fabrik; f usine; f fábrica
police station; f Polizeiwache; m commissariat; f comisaría
zoo; m Zoo; m zoo; m zoológico
stadium; n Stadion; m stade; m estadio
tower; m Turm; f tour; f torre
lake; m See; m lac; m lago
forest; m Wald; f forêt; m bosque
village; n Dorf; m village; m pueblo
""")

ROOMS = nouns("""
kitchen; f Küche/Küchen; f cuisine; f cocina
bathroom; n Badezimmer/Badezimmer; f salle de bains/salles de bains; m cuarto de baño/cuartos de baño
bedroom; n Schlafzimmer/Schlafzimmer; f chambre à coucher/chambres à coucher; m dormitorio
living room; n Wohnzimmer/Wohnzimmer; m salon; m salón/salones
office; n Büro/Büros; m bureau; f oficina
cellar; m Keller/Keller; f cave; m sótano
garden; m Garten/Gärten; m jardin; m jardín/jardines
corridor; m Flur/Flure; m couloir; m pasillo
garage; f Garage/Garagen; m garage; m garaje
""")  # noqa: E501

THINGS = nouns("""
ticket; f Fahrkarte/Fahrkarten; m billet; m billete
key; m Schlüssel/Schlüssel; f clé; f llave
passport; m Reisepass/Reisepässe; m passeport; m pasaporte
suitcase; m Koffer/Koffer; f valise; f maleta
bag; f Tasche/Taschen; m sac; m bolso
telephone; n Telefon/Telefone; m téléphone; m teléfono
book; n Buch/Bücher; m livre; m libro
newspaper; f Zeitung/Zeitungen; m journal/journaux; m periódico
city map; m Stadtplan/Stadtpläne; m plan de ville/plans de ville; m plano/planos
umbrella; m Regenschirm/Regenschirme; m parapluie; m paraguas/paraguas
coat; m Mantel/Mäntel; m manteau; m abrigo
shirt; n Hemd/Hemden; f chemise; f camisa
hat; m Hut/Hüte; m chapeau; m sombrero
jacket; f Jacke/Jacken; f veste; f chaqueta
watch; f Uhr/Uhren; f montre; m reloj/relojes
lamp; f Lampe/Lampen; f lampe; f lámpara
chair; m Stuhl/Stühle; f chaise; f silla
table; m Tisch/Tische; f table; f mesa
camera; f Kamera/Kameras; m appareil photo/appareils photo; f cámara
bicycle; n Fahrrad/Fahrräder; m vélo; f bicicleta
car; n Auto/Autos; f voiture; m coche
stamp; f Briefmarke/Briefmarken; m timbre; m sello
postcard; f Postkarte/Postkarten; f carte postale/cartes postales; f postal/postales
present; n Geschenk/Geschenke; m cadeau; m regalo
pen; m Kugelschreiber/Kugelschreiber; m stylo; m bolígrafo
computer; m Computer/Computer; m ordinateur; m ordenador
knife/knives; n Messer/Messer; m couteau; m cuchillo
towel; n Handtuch/Handtücher; f serviette; f toalla
picture; n Bild/Bilder; f image; m cuadro
box; f Kiste/Kisten; f boîte; f caja
ring; m Ring/Ringe; f bague; m anillo
shoe; m Schuh/Schuhe; f chaussure; m zapato
scarf/scarves; m Schal/Schals; f écharpe; f bufanda
belt; m Gürtel/Gürtel; f ceinture; m cinturón/cinturones
dress; n Kleid/Kleider; f robe; m vestido
skirt; m Rock/Röcke; f jupe; f falda
mirror; m Spiegel/Spiegel; m miroir; m espejo
candle; f Kerze/Kerzen; f bougie; f vela
ball; m Ball/Bälle; m ballon; f pelota
guitar; f Gitarre/Gitarren; f guitare; f guitarra
spoon; m Löffel/Löffel; f cuillère; f cuchara
fork; f Gabel/Gabeln; f fourchette; m tenedor
plate; m Teller/Teller; f assiette; m plato
""")

OPENABLE = nouns("""
door; f Tür/Türen; f porte; f puerta
window; n Fenster/Fenster; f fenêtre; f ventana
gate; n Tor/Tore; m portail; m portón/portones
cupboard; m Schrank/Schränke; f armoire; m armario
suitcase; m Koffer/Koffer; f valise; f maleta
box; f Kiste/Kisten; f boîte; f caja
""")

MACHINES = nouns("""
lift; m Aufzug/Aufzüge; m ascenseur; m ascensor
printer; m Drucker/Drucker; f imprimante; f impresora
computer; m Computer/Computer; m ordinateur; m ordenador
heating; f Heizung/Heizungen; m chauffage; f calefacción
screen; m Bildschirm/Bildschirme; m écran; f pantalla
washing machine; f Waschmaschine/Waschmaschinen; f machine à laver/machines à laver; f lavadora
television; m Fernseher/Fernseher; m téléviseur; m televisor
telephone; n Telefon/Telefone; m téléphone; m teléfono
lamp; f Lampe/Lampen; f lampe; f lámpara
""")

DOCUMENTS = nouns("""
report; m Bericht/Berichte; m rapport; m informe
letter; m Brief/Briefe; f lettre; f carta
contract; m Vertrag/Verträge; m contrat; m contrato
list; f Liste/Listen; f liste; f lista
form; n Formular/Formulare; m formulaire; m formulario
plan; m Plan/Pläne; m projet; m plan
file; f Datei/Dateien; m fichier; m archivo
e-mail; f E-Mail/E-Mails; m e-mail; m correo electrónico/correos electrónicos
translation; f Übersetzung/Übersetzungen; f traduction; f traducción
offer; n Angebot/Angebote; f offre; f oferta
""")

DRINKS = nouns("""
coffee; m Kaffee/Kaffees; m café; m café
tea; m Tee/Tees; m thé; m té
beer; n Bier/Biere; f bière; f cerveza
orange juice; m Orangensaft/Orangensäfte; m jus d'orange; m zumo de naranja/zumos de naranja
apple juice; m Apfelsaft/Apfelsäfte; m jus de pomme; m zumo de manzana/zumos de manzana
lemonade; f Limonade/Limonaden; f limonade; f limonada
hot chocolate; f heiße Schokolade/heiße Schokoladen; m chocolat chaud/chocolats chauds; m chocolate caliente/chocolates calientes
""")  # noqa: E501

DISHES = nouns("""
soup; f Suppe/Suppen; f soupe; f sopa
salad; m Salat/Salate; f salade; f ensalada
pizza; f Pizza/Pizzas; f pizza; f pizza
omelette; n Omelett/Omeletts; f omelette; f tortilla
sandwich/sandwiches; n Sandwich/Sandwiches; m sandwich; m sándwich/sándwiches
ice cream; n Eis/Eis; f glace; m helado
cake; m Kuchen/Kuchen; m gâteau; m pastel
steak; n Steak/Steaks; m steak; m filete
""")

FOODS = nouns("""
bread; n Brot; m pain; m pan
butter; f Butter; m beurre; f mantequilla
cheese; m Käse; m fromage; m queso
ham; m Schinken; m jambon; m jamón
fish; m Fisch; m poisson; m pescado
chicken; n Hähnchen; m poulet; m pollo
rice; m Reis; m riz; m arroz
sugar; m Zucker; m sucre; m azúcar
salt; n Salz; m sel; f sal
honey; m Honig; m miel; f miel
meat; n Fleisch; f viande; f carne
oil; n Öl; f huile; m aceite
garlic; m Knoblauch; m ail; m ajo
pepper; m Pfeffer; m poivre; f pimienta
""")

LIQUIDS = nouns("""
water; n Wasser; f eau; f agua
milk; f Milch; m lait; f leche
red wine; m Rotwein; m vin rouge; m vino tinto
white wine; m Weißwein; m vin blanc; m vino blanco
""")

FRUITS = nouns("""
apple; m Apfel/Äpfel; f pomme; f manzana
banana; f Banane/Bananen; f banane; m plátano
orange; f Orange/Orangen; f orange; f naranja
lemon; f Zitrone/Zitronen; m citron; m limón/limones
strawberry; f Erdbeere/Erdbeeren; f fraise; f fresa
tomato/tomatoes; f Tomate/Tomaten; f tomate; m tomate
potato/potatoes; f Kartoffel/Kartoffeln; f pomme de terre/pommes de terre; f patata
onion; f Zwiebel/Zwiebeln; m oignon; f cebolla
carrot; f Karotte/Karotten; f carotte; f zanahoria
egg; n Ei/Eier; m œuf; m huevo
pear; f Birne/Birnen; f poire; f pera
peach; m Pfirsich/Pfirsiche; f pêche; m melocotón/melocotones
cherry; f Kirsche/Kirschen; f cerise; f cereza
mushroom; m Pilz/Pilze; m champignon; m champiñón/champiñones
""")

FAMILY = nouns("""
mother; f Mutter; f mère; f madre
father; m Vater; m père; m padre
brother; m Bruder; m frère; m hermano
sister; f Schwester; f sœur; f hermana
son; m Sohn; m fils; m hijo
daughter; f Tochter; f fille; f hija
husband; m Mann; m mari; m marido
wife/wives; f Frau; f femme; f esposa
uncle; m Onkel; m oncle; m tío
aunt; f Tante; f tante; f tía
grandmother; f Großmutter; f grand-mère; f abuela
grandfather; m Großvater; m grand-père; m abuelo
friend; m Freund; m ami; m amigo
teacher; m Lehrer; m professeur; m profesor
neighbour; m Nachbar; m voisin; m vecino
doctor; m Arzt; m médecin; m médico
boss; m Chef; m chef; m jefe
""")

TRAVELS = nouns("""
train; m Zug/Züge; m train; m tren
bus; m Bus/Busse; m bus; m autobús/autobuses
ferry; f Fähre/Fähren; m ferry; m transbordador
""")

EVENTS = nouns("""
meeting; f Besprechung; f réunion; f reunión
concert; n Konzert; m concert; m concierto
film; m Film; m film; f película
course; m Kurs; m cours; m curso
party; f Feier; f fête; f fiesta
interview; n Vorstellungsgespräch; m entretien; f entrevista
""")

PLACE_STATES = adjectives("""
closed; geschlossen; fermé; cerrado; está
open; geöffnet; ouvert; abierto; está
full; voll; plein; lleno; está
big; groß; grand; grande; es
small; klein; petit; pequeño; es
expensive; teuer; cher/chère; caro; es
new; neu; nouveau/nouvelle; nuevo; es
old; alt; vieux/vieille; viejo; es
beautiful; schön; beau/belle; bonito; es
modern; modern; moderne; moderno; es
famous; berühmt; célèbre; famoso; es
empty; leer; vide; vacío; está
quiet; ruhig; calme; tranquilo; es
""")

THING_STATES = adjectives("""
broken; kaputt; cassé; roto; está
dirty; schmutzig; sale; sucio; está
clean; sauber; propre; limpio; está
new; neu; neuf/neuve; nuevo; es
old; alt; vieux/vieille; viejo; es
big; groß; grand; grande; es
small; klein; petit; pequeño; es
expensive; teuer; cher/chère; caro; es
heavy; schwer; lourd; pesado; es
practical; praktisch; pratique; práctico; es
cheap; billig; bon marché/bon marché; barato; es
empty; leer; vide; vacío; está
""")

FOOD_STATES = adjectives("""
cold; kalt; froid; frío; está
hot; heiß; chaud; caliente; está
good; gut; bon/bonne; bueno; está
sweet; süß; sucré; dulce; está
fresh; frisch; frais/fraîche; fresco; está
salty; salzig; salé; salado; está
""")

PERSON_STATES = adjectives("""
tired; müde; fatigué; cansado; está
ill; krank; malade; enfermo; está
happy; glücklich; heureux/heureuse; feliz; es
ready; bereit; prêt; listo; está
busy; beschäftigt; occupé; ocupado; está
married; verheiratet; marié; casado; está
young; jung; jeune; joven; es
nervous; nervös; nerveux/nerveuse; nervioso; está
friendly; freundlich; aimable; amable; es
""")

COLOURS = adjectives("""
red; rot; rouge; rojo; es
blue; blau; bleu; azul; es
green; grün; vert; verde; es
yellow; gelb; jaune; amarillo; es
black; schwarz; noir; negro; es
white; weiß; blanc/blanche; blanco; es
grey; grau; gris; gris; es
brown; braun; brun; marrón; es
""")

(BORN,) = adjectives("born; geboren; né; nacido; es")

KILOMETRE, METRE, YEAR, MINUTE, HOUR, DAY, NIGHT, WEEK, DEGREE, KILO, PERSON = nouns("""
kilometre; m Kilometer/Kilometer; m kilomètre; m kilómetro
metre; m Meter/Meter; m mètre; m metro
year; n Jahr/Jahre; m an; m año
minute; f Minute/Minuten; f minute; m minuto
hour; f Stunde/Stunden; f heure; f hora
day; m Tag/Tage; m jour; m día
night; f Nacht/Nächte; f nuit; f noche
week; f Woche/Wochen; f semaine; f semana
degree; m Grad/Grad; m degré; m grado
kilo; n Kilo/Kilo; m kilo; m kilo
person/people; f Person/Personen; f personne; f persona
""")

VESSELS = nouns("""
glass; n Glas/Gläser; m verre; m vaso
bottle; f Flasche/Flaschen; f bouteille; f botella
cup; f Tasse/Tassen; f tasse; f taza
carafe; f Karaffe/Karaffen; f carafe; f jarra
""")

FURNITURE = nouns("""
table; m Tisch/Tische; f table; f mesa
chair; m Stuhl/Stühle; f chaise; f silla
bed; n Bett/Betten; m lit; f cama
shelf/shelves; n Regal/Regale; f étagère; f estantería
""")

PLAIN_THINGS = tuple(thing for thing in THINGS if " " not in thing.forms["fr"]["sg"])

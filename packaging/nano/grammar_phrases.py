"""Fixed sentences: greetings, courtesies and the first needs of a traveller."""

from __future__ import annotations

from grammar_forms import rows

_TEXT = """
Today.; Heute.; Aujourd'hui.; Hoy.
Tomorrow.; Morgen.; Demain.; Mañana.
Yesterday.; Gestern.; Hier.; Ayer.
Noon.; Mittag.; Midi.; Mediodía.
Midnight.; Mitternacht.; Minuit.; Medianoche.
Hello.; Hallo.; Salut.; Hola.
Good morning.; Guten Morgen.; Bonjour.; Buenos días.
Good evening.; Guten Abend.; Bonsoir.; Buenas noches.
Goodbye.; Auf Wiedersehen.; Au revoir.; Adiós.
See you tomorrow.; Bis morgen.; À demain.; Hasta mañana.
See you soon.; Bis bald.; À bientôt.; Hasta pronto.
Thank you.; Danke.; Merci.; Gracias.
Thank you very much.; Vielen Dank.; Merci beaucoup.; Muchas gracias.
You are welcome.; Gern geschehen.; De rien.; De nada.
Please.; Bitte.; S'il vous plaît.; Por favor.
Yes.; Ja.; Oui.; Sí.
No.; Nein.; Non.; No.
Yes, please.; Ja, bitte.; Oui, s'il vous plaît.; Sí, por favor.
No, thank you.; Nein, danke.; Non, merci.; No, gracias.
Excuse me.; Entschuldigung.; Excusez-moi.; Disculpe.
I am sorry.; Es tut mir leid.; Je suis désolé.; Lo siento.
How are you?; Wie geht es Ihnen?; Comment allez-vous ?; ¿Cómo está usted?
I am fine, thank you.; Mir geht es gut, danke.; Je vais bien, merci.; Estoy bien, gracias.
What is your name?; Wie heißen Sie?; Comment vous appelez-vous ?; ¿Cómo se llama usted?
Where do you come from?; Woher kommen Sie?; D'où venez-vous ?; ¿De dónde es usted?
Where do you live?; Wo wohnen Sie?; Où habitez-vous ?; ¿Dónde vive usted?
How old are you?; Wie alt sind Sie?; Quel âge avez-vous ?; ¿Cuántos años tiene usted?
I do not understand.; Ich verstehe nicht.; Je ne comprends pas.; No entiendo.
I do not know.; Ich weiß es nicht.; Je ne sais pas.; No lo sé.
Please speak more slowly.; Sprechen Sie bitte langsamer.; Parlez plus lentement, s'il vous plaît.; Hable más despacio, por favor.
Please repeat that.; Wiederholen Sie das bitte.; Répétez, s'il vous plaît.; Repita, por favor.
Can you help me?; Können Sie mir helfen?; Pouvez-vous m'aider ?; ¿Puede usted ayudarme?
I need help.; Ich brauche Hilfe.; J'ai besoin d'aide.; Necesito ayuda.
Help!; Hilfe!; Au secours !; ¡Socorro!
Call the police!; Rufen Sie die Polizei!; Appelez la police !; ¡Llame a la policía!
Call a doctor!; Rufen Sie einen Arzt!; Appelez un médecin !; ¡Llame a un médico!
I am lost.; Ich habe mich verlaufen.; Je suis perdu.; Me he perdido.
I am hungry.; Ich habe Hunger.; J'ai faim.; Tengo hambre.
I am thirsty.; Ich habe Durst.; J'ai soif.; Tengo sed.
I am cold.; Mir ist kalt.; J'ai froid.; Tengo frío.
I am hot.; Mir ist heiß.; J'ai chaud.; Tengo calor.
I have a headache.; Ich habe Kopfschmerzen.; J'ai mal à la tête.; Me duele la cabeza.
What time is it?; Wie spät ist es?; Quelle heure est-il ?; ¿Qué hora es?
What day is it today?; Welcher Tag ist heute?; Quel jour sommes-nous ?; ¿Qué día es hoy?
How much is it?; Wie viel kostet es?; Combien ça coûte ?; ¿Cuánto cuesta?
That is too expensive.; Das ist zu teuer.; C'est trop cher.; Es demasiado caro.
The bill, please.; Die Rechnung, bitte.; L'addition, s'il vous plaît.; La cuenta, por favor.
The menu, please.; Die Speisekarte, bitte.; Le menu, s'il vous plaît.; El menú, por favor.
Can I pay by card?; Kann ich mit Karte bezahlen?; Je peux payer par carte ?; ¿Puedo pagar con tarjeta?
I would like to pay.; Ich möchte bezahlen.; Je voudrais payer.; Quisiera pagar.
Where are the toilets?; Wo sind die Toiletten?; Où sont les toilettes ?; ¿Dónde están los servicios?
A single room, please.; Ein Einzelzimmer, bitte.; Une chambre simple, s'il vous plaît.; Una habitación individual, por favor.
A double room, please.; Ein Doppelzimmer, bitte.; Une chambre double, s'il vous plaît.; Una habitación doble, por favor.
Is breakfast included?; Ist das Frühstück inbegriffen?; Le petit déjeuner est inclus ?; ¿El desayuno está incluido?
Enjoy your meal!; Guten Appetit!; Bon appétit !; ¡Buen provecho!
Cheers!; Prost!; Santé !; ¡Salud!
Have a good trip!; Gute Reise!; Bon voyage !; ¡Buen viaje!
Good luck!; Viel Glück!; Bonne chance !; ¡Buena suerte!
Happy birthday!; Alles Gute zum Geburtstag!; Joyeux anniversaire !; ¡Feliz cumpleaños!
Welcome!; Willkommen!; Bienvenue !; ¡Bienvenidos!
Come in!; Herein!; Entrez !; ¡Adelante!
One moment, please.; Einen Moment, bitte.; Un moment, s'il vous plaît.; Un momento, por favor.
It is raining.; Es regnet.; Il pleut.; Llueve.
It is snowing.; Es schneit.; Il neige.; Nieva.
The sun is shining.; Die Sonne scheint.; Le soleil brille.; Brilla el sol.
It is windy.; Es ist windig.; Il y a du vent.; Hace viento.
No problem.; Kein Problem.; Pas de problème.; No hay problema.
Of course.; Natürlich.; Bien sûr.; Por supuesto.
Maybe.; Vielleicht.; Peut-être.; Quizás.
That is right.; Das stimmt.; C'est vrai.; Es verdad.
I am learning English.; Ich lerne Englisch.; J'apprends l'anglais.; Aprendo inglés.
The train is late.; Der Zug hat Verspätung.; Le train est en retard.; El tren llega tarde.
When does the next train leave?; Wann fährt der nächste Zug?; Quand part le prochain train ?; ¿Cuándo sale el próximo tren?
Is this seat free?; Ist dieser Platz frei?; Cette place est libre ?; ¿Está libre este asiento?
Stop here, please.; Halten Sie hier, bitte.; Arrêtez-vous ici, s'il vous plaît.; Pare aquí, por favor.
No smoking.; Rauchen verboten.; Défense de fumer.; Prohibido fumar.
The light is on.; Das Licht ist an.; La lumière est allumée.; La luz está encendida.
The light is off.; Das Licht ist aus.; La lumière est éteinte.; La luz está apagada.
Turn on the light, please.; Schalten Sie bitte das Licht ein.; Allumez la lumière, s'il vous plaît.; Encienda la luz, por favor.
Turn off the light, please.; Schalten Sie bitte das Licht aus.; Éteignez la lumière, s'il vous plaît.; Apague la luz, por favor.
What is this?; Was ist das?; Qu'est-ce que c'est ?; ¿Qué es esto?
I like this city.; Diese Stadt gefällt mir.; J'aime cette ville.; Me gusta esta ciudad.
I am on holiday.; Ich bin im Urlaub.; Je suis en vacances.; Estoy de vacaciones.
We are ready.; Wir sind bereit.; Nous sommes prêts.; Estamos listos.
Everything is fine.; Alles ist in Ordnung.; Tout va bien.; Todo está bien.
"""  # noqa: E501
PHRASES = tuple(tuple(cells) for cells in rows(_TEXT, 4))

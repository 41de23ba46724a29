"""Words that decide whether a name is one: common words, places, titles. Data, no logic.

All are lower case without accents, as ``roster.fold`` makes them.
"""

from __future__ import annotations

from analyzer.words import GRAMMAR, MONTHS, WORDS


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Names that are words too: these need more than their letters to be taken for a name.
_EN = _set(
    "abbott amber archer art autumn ball banks barber baron barrister bass baker bay beach bean bell "
    "berry best bill birch bird bishop black blossom blue bond bone book booth bow bowman boy brand "
    "bridge bright brook brooks brown buck bud bull burns bush butcher butler cannon carpenter case "
    "cash castle chance chandler chase chef chip chuck church clay clerk cliff close coach coal cole "
    "cook cooper cotton cross crystal dale daisy dawn day dean dear dell dick dollar don drew drake "
    "driver duke earl easter eden elder english faith fall farmer fern field fielding finch fish "
    "fisher fleet flint flower flowers ford forest forester fortune foster fowler fox frank freed "
    "friend frost gale garden gardener gay ginger glass glen gold golden good goodman goodwin grace "
    "grand grant gray green grey guy hale hall hammer hand hardy harmony harp harper hart harvest "
    "hawk hay hazel head heath heather herb hill holiday holly holmes honey hood hook hope hopper "
    "horn house hunt hunter husband iris iron ivy jack jade jasmine jay jet jewel joker jordan joy "
    "judge june justice keen kind king kitchen knight lake lamb lance land lane large law lawn leaf "
    "lee lily little lodge long lord love lucky lux mace major manager manners marina mark market "
    "marsh martin mason master masters may mercy merry miles mill miller minor miss mister moody "
    "moon moor moore morrow moss neat new newcomer newman noble north oak oakes olive page paige "
    "painter palm palmer park parker parks parrot pat patience pearl penny pepper perry pet peter "
    "piper pitt plant poe pointer pollard pond poole poor pope poppy porter post potter pound power "
    "powers price pride priest prince prior prize prudent puddle quick quiet rain ray reed reader "
    "reef rest rice rich rider ridge ring rivers robin rock roman rose rosemary rowan royal ruby "
    "rush sage saint salt sand sands sandy savage savanna scarlet school scout sea seal sergeant "
    "serene sharp shaw shepherd shore short silver simple singer singh sky skye slate smart smooth "
    "snow sons spears speed spencer spring stack star stark steel steele sterling stone storm story "
    "strange street stringer strong style sue tailor taylor thatcher summer summers sun sunny swan sweet swift sword tailor "
    "tanner temple terrace thorn tiger tile tower town trainer trip troy trust turner twist tyler "
    "underwood unity vale van veil vicar victor victory viola violet wade wait walker wall waller "
    "ward warden waters way weaver webb weeks wells west wheat wheeler white wild will willow winter "
    "winters wise wolf wood woods worth wren wright york young yards"
)
_ES = _set(
    "abad abril adan agua aguila alba alcalde alegre alma amado amor angel angeles angela aparicio "
    "arena arroyo asensio aurora azucena baca barba barrera barrio bello blanca blanco boca bosque "
    "bravo bueno cabello caballero cabeza cabrera calle calvo calzada camara camino campo campos "
    "cano canto caridad carmen carrasco carrera carretero casa casado casas castillo castro celeste "
    "cerezo cerro cid cielo clara claro clavel clemente conde consuelo coral cordero corona correa "
    "corta cortes corto costa crespo cruz cuesta cueva delgado desamparados diamante diez dolores "
    "domingo dorado duque encarnacion escudero espada esperanza espejo estrella fe feliz fiel flor "
    "flores franco fuente fuentes gallardo gallego gallo garza gloria gracia granado grande guapo "
    "guerra guerrero hermosa hermoso herrera herrero hidalgo hierro iglesias infante inmaculada "
    "jardin jazmin justo lagos lago leal leon linares lindo lirio llano llave lobo loma lopezosa "
    "losa lozano luna luz macho madera manzano mar marca marco marques mayo mayor mejor melon "
    "mercado mercedes merino mesa milagros molina molinero moneda monje monte montes mora moral "
    "morales moreno mota moya navidad nevado nieve nieves noble novio nuevo olivares olmo oro otero "
    "pacheco palma palacio palacios paloma pan pardo paredes parra pasos pastor pavon paz pena perla "
    "piedra piedad pilar pino plata plaza polo ponce pons porras pozo prado presentacion prieto "
    "primo princesa pulido puente puerta puertas ramos real redondo reina remedios rey reyes ribera "
    "rico rincon rio rios rivera roble robles roca rojas rojo roman romero rosa rosado rosario "
    "rosas rubi rubio rueda ruina sal sala salas salado salvador salud santa santo santos seco "
    "segura sereno serrano sierra silva socorro sol soledad soler solano soto tejada tejedor toro "
    "torre torres triana trinidad trigo vaca valiente valle vega vela velo ventura vera verde verdad "
    "victoria vidal viento villa villar virtudes vivo yerro zapatero zapata zorro zorrilla"
)
_IT = _set(
    "agnello alba albero allegra allegro amato amore angelo anselmo asia aurora baldi barbera "
    "barbieri barone basile basso bassi bella belli bello bellini bene bianca bianchi bianco bosco "
    "bruno bruna buono caldo calma campana cane capello capo cara caro carbone carta caruso casa "
    "castello cattaneo celeste chiara chiaro colombo conte conti coppola corona corsi corso corti "
    "corte costa costanza cuoco dolce esposito fabbri fabbro falco farina fede felice ferrara ferraro "
    "ferrari ferri ferro fiore fiori fontana forte forti fortuna fortunato franco franca gallo gatti "
    "gatto gemma genova gentile ghiaccio gioia giordano giglio giusto giusti gloria grandi grande "
    "grassi grasso grazia grazie greco guerra gusto iacono italia lana leggeri leggero leone letizia "
    "libero lombardi lombardo longo luce luna lupo macchi magnani mancini mancino mare marina marini "
    "marino maestri martini massari massaro mele mela miele modesto molinari monaco montagna monte "
    "monti mora moretti moro mori mosca napoli napolitano natale neri nero norma notte oliva olivieri "
    "onda oro orlando orso pace pagano pala palla palma palumbo pane papa parisi pasqua pastore "
    "pellegrini pellegrino perla pesce piazza pietra piccoli piccolo pini pino piras poli ponte porta "
    "porto prato proietti provenza puglisi quadri reale ricci riccio rinaldi riva rizzi rizzo rocca "
    "rocco romano rosa rossi rosso rosa ruggiero russo sala sale salvatore santa santi santo sarto "
    "sarti sasso sera serena sereno serra sicuro signora silvestri sole sorriso sorrentino spada "
    "speranza spina stella stelle strada testa torre torri vacca valle vento vera vero verde verdi "
    "vespa viale vigna villa villani viola virtu vita vitale vittoria volpe zucca"
)
_OTHER = _set(
    "al ali an as bo de di do du el en ho in is it jo la le li lo lu ma me mi mo no of oh on or ou "
    "pa per pia re sa se si so su te ti to tu un us va wo ya ye yo yu non con dan das den der die "
    "des era eva max may jan dee gil sal sam sen sid ted vi vin ben ban bin"
)
# Words of everyday English that are family names too, counted in lower case in public comments.
_EVERYDAY = _set(
    "able abt age agent alert app area areas arent argue arms awkward bar bare barrier base "
    "basket bear beat beer began begin below belt bench bend bent bias bigger billing bills blind "
    "block blood blow board boards body bold bonus boot boots boring born boss bottom bound box "
    "boys brain branch brands breach bread breath breeze bring brought brush bucks buddy buggy "
    "bump bunch burn butt button bye cable cake call caller camera cancel cancer candy captain "
    "car card care carrier carry cart carton catching center centers ceo chain charity check "
    "cheese child chill circle citizen city clarity class clear click client clock clubs cluster "
    "coats code coffee college comfort common comp companion cons constant cool cooler cope core "
    "corral cost couch counter counts courier course cousin cover craft credit crew crews crook "
    "crooked crooks cruel cue curb current cutting dad daily dang danger dark dash dates "
    "daughters deal deck deep deer degree delay dest dial distance doctor doll door double drain "
    "dress drivers drone drop dry duh duty eager ear early economy edge ends enter eye face "
    "failing fair fake fallen falling fam fan fast faster fat fate favor fear fee feeling fees "
    "fell fend fields file fill filter fire fitting fix flies floor flow fly folk foot force "
    "forget form forth forward frame fridge friendly friends fruit fruits fryer fuel gain gallon "
    "games gang gate gates gear generous gentleman gift goods gotta greenhouse grill gross ground "
    "grounds grow guest gum gun hair handler hands handy hang hanger hard harder harsh hazard "
    "heading heads heard hearing heart heater heck height held helper hence hidden high hire "
    "hires holder holding hole holes home homes honor hoops hopes huh human hung hurry hurt "
    "husbands ice inch inches ing ink isle journey jump junk key keys kid kill kinds knows labor "
    "labs lack lacks lady lame lamp landing lands lanes larger laws lawyer lax lay leader leak "
    "learn learned led left legacy letters levels lie lied lies light lights likes line lines "
    "link list listen living lock loop loose lose loss loud low lower loyal luck lunch lung mad "
    "maiden mail main maker mam man manger manner manual marks mask matter matters meals mech "
    "mechanic members men merchant messing mile million min mini mins minus miracle mix model mom "
    "money mood morale morning music nation necessary neighbor neighbors newborn nicely night "
    "noon nose notice numbers nurse officer older orange ord overly pack pain pair pallet parent "
    "parents party pass pax pay payment peak peer peers pellet pen people peoples perks person "
    "persons pick picking pickup pile pilot pin plain plan plane plants player plenty points "
    "police polite porch postal poster pounds pray press pro profit promise proper public pulling "
    "pump purchase push race ramp ran rang range reach read reading ready rear record records red "
    "register res right rings risk roads roles roll rolling room rough round route row rude rule "
    "rung running rushing safe sales sample sat sauce save saver score screen screws search seat "
    "seats section seed seek sees self sell seller sellers sells sender senior serve session "
    "setting severe shade shady shape share ship shipper shirts shock shoe shorter shorts "
    "shoulder show shown shows sick signs silence sim single sit sites skill slack slot smaller "
    "smiles smiling socks soda solid song space speak speaker speaks speedy spray square stable "
    "stage stall stamps standing stands startup states station steady stem step stick sticker "
    "stock stocker stocking stocks stole storage stores storms straight strain strand straw "
    "strength strike string stuck student sub sugar suit surprise swing tag tags tail taker "
    "talent talk tall tank tape tea teach temp thier threats till tix ton tone tools torn touch "
    "towels toy trail train trial tribe trick trucks true turns tweet unavailable vest view vile "
    "vital voice wage wages waits wake walk walking walks wallet walls warm warning water wear "
    "wearing weather wedding weed weekly weight welcome wide willing win wind wine wing women "
    "wonder worker worn worthy yard yell yellow younger zone "
)
# Of these even a capital inside a sentence says nothing: months, days, places, brands.
ALWAYS_CAPITAL = MONTHS | _set(
    "monday tuesday wednesday thursday friday saturday sunday christmas easter english spanish "
    "italian french german chinese "
    "alicante almeria avila badajoz barcelona bilbao burgos caceres cadiz castellon cordoba cuenca "
    "gerona girona granada guadalajara huelva huesca jaen leon lleida logrono lugo madrid malaga "
    "marbella murcia ourense oviedo palencia palma pamplona pontevedra salamanca santander segovia "
    "sevilla soria tarragona teruel toledo valencia valladolid vigo vitoria zamora zaragoza getafe "
    "leganes mostoles alcala gijon elche "
    "ancona aosta arezzo asti bari belluno benevento bergamo bologna bolzano brescia brindisi cagliari "
    "caserta catania catanzaro como cosenza cremona cuneo ferrara firenze foggia forli genova grosseto "
    "imperia latina lecce lecco livorno lucca mantova matera messina milano modena monza napoli novara "
    "padova palermo parma pavia perugia pesaro pescara piacenza pisa pistoia potenza prato ragusa "
    "ravenna rimini roma rovigo salerno sassari savona siena siracusa taranto teramo terni torino "
    "trapani trento treviso trieste udine varese venezia vercelli verona vicenza viterbo "
    "london bristol lincoln lancaster york chester kent essex sussex devon surrey leeds derby bath "
    "washington boston houston dallas austin denver florence paris sydney dakota georgia virginia "
    "carolina chelsea milan rome venice madison jackson brooklyn "
    "lidl ikea"
)
TOWNS = ALWAYS_CAPITAL - MONTHS

# A word of one language is one in a text of any: people mix them.
COMMON = (
    _EN | _ES | _IT | _OTHER | _EVERYDAY | ALWAYS_CAPITAL
    | frozenset().union(*(w.nothing | w.judging | w.vague | w.filler for w in WORDS.values()))
    | frozenset().union(
        *(
            g.articles | g.determiners | g.subjects | g.negations | g.prepositions | g.copulas
            | g.loose | g.qualities | frozenset(g.joints)
            for g in GRAMMAR.values()
        )
    )
)  # fmt: skip
# Words that are names by their spelling alone are not among the filler of a language.
COMMON = COMMON - _set("maria john carlos luis pedro juan mario giovanni anna ana")

# What stands inside a name and is none: "de la Cruz", "van der Berg", "O'Brien".
PARTICLES = _set(
    "de la las los del di da dal dalla della degli van der den von zu el al le lo mac mc o d du des "
    "dos das do bin ibn abu ten ter"
)
# Nobody has these names: what follows a title and is a role.
ROLES = _set(
    "manager director directora direttore direttrice supervisor chef boss head president presidente "
    "presidenta ministro minister sir madam madame customer cliente clienti guest owner landlord "
    "encargado encargada jefe jefa gerente responsable responsabile capo titolare segretaria team "
    "support service doctor dottore dottoressa professor professore teacher driver officer juez "
    "alcalde and or o y e who what saigon right"
)
# Everyday words that few people are called: no names at the beginning of a sentence.
FILLER = COMMON - _EN - _ES - _IT - _EVERYDAY
# A title before a word in lower case is followed by a name, unless by one of these.
NOT_NAMED = FILLER | _set(
    "told said says was is saw sees never always didn didnt did does at for with from visit "
    "appointment surgery office room gave gives asked wanted prescribed referred called who that and "
    "or the a an my his her our this there here when then also just still even only every all note notes however"
)
# Behind these a word with a capital is part of a place; before them too.
PLACES_BEFORE = _set(
    "calle avenida avda paseo plaza ronda glorieta hotel hostal colegio hospital instituto parque "
    "via viale piazza piazzale corso largo vicolo albergo scuola ospedale parco lago monte hotel "
    "saint st san santa santo"
)
PLACES_AFTER = _set(
    "street st road rd avenue ave lane ln square gardens garden park house hotel hall station "
    "airport hospital college school university suite room terrace court close drive way bridge "
    "branch store shop mall centre center market pub inn cafe coffee restaurant church tower smeralda "
    "brava blanca"
)
# Before a common word these say that it is one: "the Rose", "my Mercedes", "una Rosa".
DETERMINERS = (
    frozenset().union(*(GRAMMAR[code].articles for code in GRAMMAR)) - {"a"}
    | _set(
        "my your our their his her its this that these those no any some every each mi mis tu tus su "
        "sus nuestro nuestra este esta ese esa aquel mio mia tuo tua suo sua nostro nostra questo "
        "questa quel quella un una uno unos unas il lo la i gli le el los las del al dal nel sul "
        "della alla nella sulla"
    )
)  # fmt: skip
# "a" is an article in English and "to" elsewhere; these tell English.
ENGLISH = _set("the and was is were to of my with for they we he she that this have i")
# At the beginning of a sentence everything has a capital: what follows a name there.
DOES = _set(
    "is was has had said told says tells who does did helped treated explained gave gives left knows "
    "thinks runs makes made took takes asked shouted refused promised answered works wrote cut from "
    "es era fue ha habia dijo dice hizo hace me nos se que y le les tiene grita trabaja miente lleva "
    "atendio contesto prometio "
    "e era ha aveva disse mi ci si che ed non ti urla lavora tratta"
)
# Not the name of a street: "24 hour street", "5 minutes down the road".
NO_STREET = _set(
    "hour hours minute minutes min mins day days week weeks month months year years mile miles "
    "metre metres meter meters star stars people person cars stores shops staff times the that "
    "this your our their from down off along across busy main other same side different way and "
    "for with in on to of high open "
)
# Streets that are other things too: these need a capital behind them, or no preposition.
LOOSE_STREETS = _set("corso largo strada camino borgo cuesta paseo plaza ronda via carretera ")
# Behind "via", "calle" and their like no street: "via mail 3", "la calle está a 5".
NO_STREET_NAME = _set(
    "está esta a en hay por con que es y o se no muy de del al para sin sobre cuando hasta desde "
    "son mail e-mail email telefono telefonica chat sms app web fax internet pec whatsapp è e di "
    "da per su con che non ho ha sono alle ai ore vari formazione aggiornamento base avanzato "
    "parking garaje parcheggio aparcamiento libre ocupada queda quedan cuesta costa marítimo "
)
# What may stand in the name of a street: "calle de Alcalá".
INSIDE_STREETS = _set("de del la las los el y san santa di della dei delle degli d' al ")

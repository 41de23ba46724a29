"""What the stages know of single languages: English, Spanish, Italian. Data, no logic.

Another language is another row of WORDS; a language without a row is handled without its words.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """The words of one language.

    ``nothing``: words that, alone or together, say nothing. ``contrast`` and ``joining``: words
    that begin a new clause. ``months``: names and short forms.

    The rest tells judgements without a subject ("terrible place"): ``judging`` words praise or
    blame whatever they are about, ``idioms`` do so together; ``vague`` words name nothing in
    particular, ``filler`` words nothing at all; who begins with ``asking`` words asks, and ``exclaiming``
    ones are the exceptions. Words are written as they are compared:
    lower case, apostrophes are gaps.
    """

    nothing: frozenset[str]
    contrast: tuple[str, ...]
    joining: tuple[str, ...]
    months: frozenset[str]
    judging: frozenset[str]
    idioms: tuple[str, ...]
    vague: frozenset[str]
    filler: frozenset[str]
    asking: tuple[str, ...]
    exclaiming: tuple[str, ...]


@dataclass(frozen=True)
class Grammar:
    """The closed word classes of one language: they tell where a phrase begins and ends.

    What stands before ``articles``, ``determiners`` (also pronouns that something is done to, and
    particles: "sign up"), or behind ``subjects`` (and words that help a verb) or ``negations`` acts like a verb. ``articles``,
    ``prepositions``, ``copulas`` and ``joints`` may stand inside a label; the first of ``joints``
    joins two words. ``loose`` words name nothing that a theme is about, nor do words that end like
    ``adverbs``; ``qualities`` are filler words (see Words) that may begin a label ("long hours").
    Words are lower case, parts before and behind an apostrophe are words of their own.
    """

    articles: frozenset[str] = frozenset()
    determiners: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    negations: frozenset[str] = frozenset()
    prepositions: frozenset[str] = frozenset()
    copulas: frozenset[str] = frozenset()
    joints: tuple[str, ...] = ()
    loose: frozenset[str] = frozenset()
    adverbs: tuple[str, ...] = ()
    qualities: frozenset[str] = frozenset()


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


WORDS: dict[str, Words] = {
    "en": Words(
        nothing=_set(
            "nothing none no nope nil na n a not applicable any anything comment comments to add say "
            "mention at all really else more further noting answer did test testing blank "
            "empty null nan don dont know t i have hello hi"
        ),
        contrast=("but", "however", "although", "though", "whereas", "yet", "except"),
        joining=("and", "so", "because", "then", "plus", "also", "while", "which"),
        months=_set(
            "january february march april may june july august september october november december "
            "jan feb mar apr jun jul aug sep sept oct nov dec"
        ),
        judging=_set(
            "reccomend reccomended recomend recomended recommendation "
            "good great excellent amazing awesome nice lovely wonderful fantastic brilliant perfect superb "
            "best better fab fabulous outstanding exceptional incredible terrific marvellous marvelous "
            "delightful magnificent phenomenal stellar impeccable flawless splendid decent fine ok okay "
            "pleasant enjoyable unforgettable beautiful impressive satisfactory satisfying adequate perfectly "
            "love loved loves loving liked enjoy enjoyed enjoying recommend recommended "
            "recommending recommendable happy satisfied pleased delighted impressed thrilled grateful "
            "thankful glad proud thank thanks thankyou thx congratulations congrats bravo kudos cheers wow yay "
            "appreciate appreciated gem pleasure treat excellence greatest finest nicest favourite favorite "
            "bad terrible awful horrible worst poor worse disgusting shocking appalling disappointing "
            "disappointed disappointment useless hate hated hates rubbish garbage crap crappy trash "
            "nightmare disgrace disgraceful avoid shame shameful pathetic ridiculous unacceptable atrocious "
            "abysmal dreadful horrendous horrific lousy mediocre unhappy dissatisfied unsatisfied unimpressed "
            "displeased upset angry furious frustrated frustrating annoyed annoying fed dismal diabolical "
            "disaster disastrous horror mess fail failure fails sucks suck sucked stinks hellhole "
            "unprofessional embarrassing outrageous poorly badly horribly terribly disgusted appalled "
            "regret regretted inexcusable unbelievable laughable average underwhelming overrated meh "
            "improvement improve improved improving stars"
        ),
        idioms=(
            "cant complain",
            "nothing special",
            "see you again",
            "see you soon",
            "wont be back",
            "doing great",
            "thank you",
            "well done",
            "very well",
            "really well",
            "works well",
            "all is well",
            "i like",
            "we like",
            "like it",
            "like them",
            "no problem",
            "no problems",
            "no issue",
            "no issues",
            "no complaint",
            "no complaints",
            "any complaints",
            "to complain",
            "never complain",
            "never had a problem",
            "never had an issue",
            "never had any problems",
            "one star",
            "zero star",
            "a joke",
            "hell on earth",
            "is hell",
            "was hell",
            "from hell",
            "thank u",
            "keep it up",
            "keep up the good work",
            "keep up the great work",
            "keep up",
            "never again",
            "come back",
            "coming back",
            "go back",
            "going back",
            "be back",
            "return again",
            "use again",
            "use them again",
            "use you again",
            "shop here again",
            "shop again",
            "shop there again",
            "stay here again",
            "stay again",
            "stay there again",
            "visit again",
            "buy again",
            "order again",
            "fly again",
            "work here again",
            "waste of time",
            "waste of money",
            "complete waste",
            "total waste",
            "stay away",
            "steer clear",
            "thumbs up",
            "thumbs down",
            "first class",
            "top notch",
            "second to none",
            "not worth it",
            "worth it",
            "let down",
            "down hill",
            "went downhill",
            "going downhill",
            "gone downhill",
            "falling apart",
            "cannot fault",
            "can t fault",
            "couldn t fault",
            "could not fault",
            "can t complain",
            "cannot complain",
            "look elsewhere",
            "go elsewhere",
            "went elsewhere",
            "looking forward",
            "do better",
            "you rock",
            "you guys rock",
            "a plus",
            "made my day",
            "had enough",
            "over it",
            "sick of it",
            "tired of it",
            "lost for words",
            "run away",
            "not impressed",
            "spot on",
        ),
        vague=_set(
            "decision decisions reviews return returning met meets meet hope hoped hoping wish suppose guess believe deserve deserves "
            "place places company companies organisation organization business employer firm workplace "
            "experience experiences everything anything nothing something thing things time times job jobs "
            "work working worked works overall way ways stay stayed staying visit visited visiting part aspect "
            "aspects world earth life day days year years month months minute minutes moment one ones lot lots "
            "bit kind sort level standard quality respect rate scale guys guy folks everyone anyone anybody "
            "everybody somewhere anywhere nowhere start finish beginning end point side whole general sense "
            "hotel store shop restaurant hospital bank airline word words reason reasons far seen seem seems "
            "seemed felt feel feels think thought say said find found know known imagine expect expected "
            "expectations get got getting go going gone went come came make made makes keep kept give gave "
            "given take took use used using choose chose chosen try tried provide provided offer offered "
            "opportunity opportunities future state situation idea choice"
        ),
        filler=_set(
            "doubt definately sadly unfortunately fortunately luckily sure certain together soon later "
            "a an the this that these those i me my mine myself we us our ours you your yours u ur he him his "
            "she her hers it its they them their theirs who whom whose which what there here where when why how "
            "and or but so because if though although while as than then since until of in on at to from for "
            "with without by about into onto over under up down out off through during before after between "
            "around near per via is are was were be been being am has have had having do does did done doing "
            "can could will would shall should may might must cannot cant wont dont didnt isnt wasnt im ive "
            "ill id its thats s t m d ll ve re don doesn didn isn aren wasn weren hasn haven hadn won wouldn "
            "couldn shouldn ain mustn not no never nor none neither either both all any some each every few "
            "many much more most less least other others another such own same only just also too very really "
            "extremely highly totally absolutely completely quite pretty rather fairly truly simply utterly "
            "definitely certainly probably maybe perhaps especially particularly incredibly super so such "
            "ever always often sometimes usually again still yet already now today ago once twice first second "
            "last next new old long big huge little small real actual total complete absolute pure such "
            "honestly seriously literally actually basically generally personally sincerely greatly thoroughly "
            "entirely mostly nearly almost even else otherwise however anyway instead well two three four "
            "five six seven eight nine ten hundred zero oh ah ha haha lol omg wtf hey hi hello dear sir "
            "etc pm am rt amp let lets by full big sorry"
        ),
        asking=(
            "what",
            "where",
            "when",
            "who",
            "whom",
            "whose",
            "which",
            "why",
            "how",
            "can",
            "could you",
            "could i",
            "could we",
            "would you",
            "would it",
            "will you",
            "may i",
            "may we",
            "shall",
            "should i",
            "do you",
            "do i",
            "does",
            "did you",
            "is there",
            "is it",
            "is this",
            "is that",
            "are there",
            "are you",
            "am i",
            "have you",
            "has",
            "please",
            "pls",
            "tell",
            "show",
            "give me",
            "give us",
            "find",
            "let me",
            "help",
            "i want",
            "i need",
            "i d like",
            "i would like",
            "i wanna",
            "no thank",
            "no thanks",
            "any",
            "yes",
            "are things",
            "is everything",
            "have a good",
            "have a nice",
            "have a great day",
            "say",
            "yeah",
            "yep",
            "sure",
            "make",
            "try",
        ),
        exclaiming=(
            "what a",
            "what an",
            "what else",
            "can t complain",
            "can t fault",
            "can not",
            "can only",
            "can be",
            "can do better",
            "any company",
            "how good",
            "please keep",
            "please do better",
            "please improve",
            "make it better",
        ),
    ),
    "es": Words(
        nothing=_set(
            "nada ninguno ninguna ningun ningún no nop que añadir decir comentar comentario "
            "comentarios sin ns nc sé se más mas de especial respuesta prueba hola tengo"
        ),
        contrast=("pero", "aunque", "sin embargo", "sino", "mientras que", "excepto"),
        joining=("y", "e", "así que", "porque", "entonces", "además", "también", "mientras"),
        months=_set(
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
        ),
        judging=_set(
            "bueno buena buenos buenas buen bien buenísimo buenísima excelente excelentes genial geniales "
            "fantástico fantástica fantásticos fantásticas estupendo estupenda estupendos estupendas maravilloso "
            "maravillosa maravillosos maravillosas perfecto perfecta perfectos perfectas perfectamente increíble "
            "increíbles espectacular espectaculares magnífico magnífica inmejorable inmejorables fenomenal "
            "impecable agradable agradables bonito bonita precioso preciosa encantador encantadora encanta "
            "encantó encantado encantada encantados encantadas mejor mejores óptimo óptima ideal correcto correcta "
            "gusta gustó gustado gustaron disfruté disfrutamos disfrutado recomiendo recomendable recomendables "
            "recomendado recomendada recomendaría recomendamos recomendadísimo contento contenta contentos "
            "contentas feliz felices satisfecho satisfecha satisfechos satisfechas agradecido agradecida "
            "agradecidos gracias enhorabuena felicidades felicitaciones bravo diez olé chapó maravilla "
            "malo mala malos malas mal malísimo malísima pésimo pésima pésimos pésimas horrible horribles "
            "terrible terribles fatal peor peores horroroso horrorosa asqueroso asquerosa asco lamentable "
            "lamentables vergonzoso vergonzosa vergüenza inaceptable inadmisible decepcionante decepción "
            "decepcionado decepcionada decepcionados decepcionadas desastre desastroso desastrosa nefasto "
            "nefasta deplorable penoso penosa patético patética mediocre regular odio odié harto harta hartos "
            "hartas basura pesadilla timo estafa descontento descontenta insatisfecho insatisfecha enfadado "
            "enfadada indignado indignada indignante ridículo ridícula pena evitad eviten mejorable mejorar "
            "mejora estrella estrellas"
        ),
        idioms=(
            "nada especial",
            "no era lo que esperaba",
            "ninguna queja",
            "sin quejas",
            "ningún problema",
            "sin problemas",
            "sin problema",
            "muchas gracias",
            "nunca más",
            "seguid así",
            "sigan así",
            "sigue así",
            "ni fu ni fa",
            "volveremos",
            "volveré",
            "volvería",
            "volver",
            "repetiremos",
            "repetiría",
            "repetiré",
            "pérdida de tiempo",
            "pérdida de dinero",
            "deja mucho que desear",
            "dejan mucho que desear",
            "sin palabras",
            "un diez",
            "buen trabajo",
            "vale la pena",
            "merece la pena",
            "qué horror",
            "ni se os ocurra",
            "todo ok",
            "de lujo",
            "de lo mejor",
            "de lo peor",
            "huid",
            "no está mal",
        ),
        vague=_set(
            "esperaba esperábamos esperado recuerdo casa decisión opinión supongo conozco "
            "sitio sitios lugar lugares empresa empresas compañía negocio experiencia experiencias todo toda "
            "todos todas nada algo cosa cosas vez veces trabajo trabajos trabajar trabajado general estancia visita "
            "parte aspecto aspectos sentido vida mundo día días año años mes meses momento resto manera forma "
            "nivel hotel tienda restaurante hospital banco aerolínea verdad fin principio final cuanto parece "
            "pareció creo visto visitado estado probado conocido"
        ),
        filler=_set(
            "dudarlo duda loca loco seguro seguramente próximo próxima viene total verdadera definitivamente quizás quizá "
            "el la lo los las un una unos unas de del a al en con sin por para desde hasta entre sobre y e o u "
            "ni que qué como cómo cuando donde si sí no ya muy mucho mucha muchos muchas más menos tan tanto "
            "tanta poco poca bastante demasiado super súper realmente totalmente absolutamente completamente "
            "sinceramente simplemente siempre nunca jamás también tampoco aquí allí ahí me te se nos os le les "
            "mi mis tu tus su sus nuestro nuestra vuestro vuestra yo tú él ella nosotros vosotros ellos ellas "
            "usted ustedes este esta esto estos estas ese esa eso esos esas aquel es son era eran fue fueron ha "
            "han he hemos había sido ser estar está están estaba estuvo estoy estamos hay hubo tiene tengo "
            "tenía tuvimos hacer hace hecho pero aunque porque pues así además solo sólo algún alguna algunos "
            "cada otro otra otros mismo misma gran grande primer primera segunda última dos tres cuatro cinco "
            "jaja hola señor verdaderamente verdadero verdadera auténtico auténtica auténticamente vaya "
            "puede podría podrían pueden debería deben voy vamos iría haber sea cien"
        ),
        asking=(
            "cómo",
            "como puedo",
            "cuándo",
            "dónde",
            "quién",
            "cuál",
            "cuánto",
            "cuánta",
            "por qué",
            "qué",
            "puedo",
            "puedes",
            "pueden decirme",
            "podéis",
            "podría usted",
            "podrían decirme",
            "quiero",
            "quisiera",
            "necesito",
            "por favor",
            "dime",
            "díganme",
            "hay",
            "tienen",
            "no gracias",
            "sí",
        ),
        exclaiming=(
            "qué bien",
            "qué mal",
            "qué asco",
            "qué pena",
            "qué vergüenza",
            "qué horror",
            "qué desastre",
            "qué maravilla",
            "qué decepción",
            "qué sitio",
            "qué lugar",
            "qué experiencia",
            "hay que mejorar",
        ),
    ),
    "it": Words(
        nothing=_set(
            "niente nulla nessuno nessuna nessun no da aggiungere dire segnalare commento commenti "
            "di particolare che in non so altro risposta prova ciao grazie salve lo"
        ),
        contrast=("ma", "però", "tuttavia", "anche se", "mentre", "invece", "tranne"),
        joining=("e", "ed", "quindi", "perché", "poi", "inoltre", "anche", "così"),
        months=_set(
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre "
            "dicembre"
        ),
        judging=_set(
            "buono buona buoni buone buon bene benissimo buonissimo buonissima ottimo ottima ottimi ottime "
            "ottimamente eccellente eccellenti fantastico fantastica fantastici fantastiche stupendo stupenda "
            "stupendi stupende meraviglioso meravigliosa meravigliosi meravigliose perfetto perfetta perfetti "
            "perfette perfettamente splendido splendida splendidi splendide magnifico magnifica favoloso favolosa "
            "incredibile incredibili spettacolare spettacolari impeccabile piacevole piacevoli bello bella belli "
            "belle bellissimo bellissima bellissimi bellissime carino carina delizioso deliziosa incantevole "
            "migliore migliori meglio top super adoro adorato adorata adorabile amo amato piace piaciuto piaciuta "
            "piaciuti consiglio consigliato consigliata consigliatissimo consigliatissima consigliabile "
            "raccomando raccomandato raccomandatissimo contento contenta contenti contente felice felici "
            "soddisfatto soddisfatta soddisfatti soddisfatte soddisfacente grazie complimenti bravi bravo brava "
            "bravissimi meraviglia incantati entusiasti entusiasta "
            "cattivo cattiva cattivi cattive male malissimo pessimo pessima pessimi pessime orribile orribili "
            "terribile terribili peggio peggiore peggiori brutto brutta brutti brutte bruttissimo schifo schifoso "
            "schifosa scandaloso scandalosa vergognoso vergognosa vergogna inaccettabile deludente deludenti "
            "delusione deluso delusa delusi deluse disastro disastroso disastrosa penoso penosa patetico patetica "
            "mediocre scadente scadenti scarso scarsa odio stufo stufa stufi sconsiglio sconsigliato sconsigliata "
            "sconsigliatissimo spazzatura incubo truffa scontento scontenta insoddisfatto insoddisfatta arrabbiato "
            "arrabbiata ridicolo ridicola evitate evitare imbarazzante allucinante indecente squallido squallida "
            "migliorare migliorabile discreto discreta stella stelle"
        ),
        idioms=(
            "niente di speciale",
            "mi trovo bene",
            "nessun problema",
            "nessuna lamentela",
            "senza problemi",
            "grazie mille",
            "mille grazie",
            "mai più",
            "continuate così",
            "avanti così",
            "tornerò",
            "torneremo",
            "tornerei",
            "ritorneremo",
            "ritornerò",
            "tornarci",
            "ci torno",
            "perdita di tempo",
            "soldi buttati",
            "lascia a desiderare",
            "lascia molto a desiderare",
            "senza parole",
            "dieci e lode",
            "buon lavoro",
            "vale la pena",
            "ne vale la pena",
            "alla larga",
            "niente male",
            "di meglio",
            "da evitare",
            "non ci siamo",
            "tutto ok",
        ),
        vague=_set(
            "aspettavo aspettavamo aspettato trovo troviamo sto scelta decisione opinione "
            "posto posti luogo luoghi azienda aziende società impresa ditta esperienza esperienze tutto tutta "
            "tutti tutte niente nulla qualcosa cosa cose volta volte lavoro lavori lavorare lavorato generale "
            "complesso soggiorno permanenza visita parte aspetto aspetti punto vista senso vita mondo giorno giorni "
            "anno anni mese mesi momento resto modo maniera livello hotel albergo negozio ristorante ospedale "
            "banca compagnia aerea verità fine inizio sembra sembrato credo visto visitato provato trovato stato "
            "stata stati state"
        ),
        filler=_set(
            "totale dubbio sicuro sicuramente certamente prossimo prossima purtroppo tutt forse sommato "
            "il lo la i gli le l un uno una di del dello della dei degli delle dell a al allo alla ai agli alle all "
            "in nel nello nella nei nelle nell con senza per da dal dalla dai dalle dall su sul sulla tra fra e ed "
            "o né che chi come quando dove se sì no non già molto molta molti molte più meno tanto tanta tanti "
            "poco poca abbastanza troppo davvero veramente proprio assolutamente totalmente completamente "
            "sinceramente semplicemente decisamente sempre mai anche neanche qui qua lì là mi ti si ci vi ne ce ve "
            "mio mia miei tuo tua suo sua suoi nostro nostra vostro vostra io tu lui lei noi voi loro questo "
            "questa questi queste quest quello quella quel è sono era erano fu essere ho hai ha abbiamo avete "
            "hanno aveva avevo avuto fare fa fatto ma però perché quindi così poi inoltre solo soltanto ogni "
            "altro altra altri altre stesso stessa gran grande primo prima secondo ultima due tre quattro cinque "
            "sarà sarebbe può potrebbe potrebbero si deve vorrei dire ancora oggi ora di d c v n m s t un po "
            "ciao salve signori vero vera autentico autentica"
        ),
        asking=(
            "come",
            "quando",
            "dove",
            "chi",
            "quale",
            "quali",
            "qual",
            "quanto",
            "quanta",
            "perché",
            "cosa",
            "che cosa",
            "posso",
            "puoi",
            "potete",
            "potrei",
            "potreste",
            "voglio",
            "vorrei sapere",
            "vorrei",
            "ho bisogno",
            "per favore",
            "dimmi",
            "ditemi",
            "c è",
            "ci sono",
            "avete",
            "no grazie",
            "sì",
        ),
        exclaiming=("come sempre", "come al solito", "vorrei ringraziare"),
    ),
}

# What stands in the place of personal data (analyzer.redaction): no word of whoever wrote the text.
MASKS = (
    "account", "address", "birthdate", "card", "email", "handle", "id", "ip", "link", "name", "phone",
)  # fmt: skip
MASK_PATTERN = rf"\[(?:{'|'.join(MASKS)})\]"

NOTHING = frozenset().union(*(words.nothing for words in WORDS.values()))
MONTHS = frozenset().union(*(words.months for words in WORDS.values()))

GRAMMAR: dict[str, Grammar] = {
    "en": Grammar(
        articles=_set("the a an"),
        determiners=_set(
            "this that these those my our your his her its their any some every each all both me him "
            "us them it you no off out up down back"
        ),
        subjects=_set(
            "i you he she we they it who to can could will would shall should may might must do does "
            "did have has had having been being be am ve ll d m im ive let lets gonna than"
        ),
        negations=_set(
            "not never t cannot don doesn didn can won wouldn couldn shouldn isn wasn aren "
            "weren haven hasn hadn dont doesnt didnt cant wont"
        ),
        prepositions=_set("of in on at for to with from by per between about without"),
        copulas=_set("is are was were"),
        joints=("and", "or"),
        loose=_set(
            "lot lots bit kind sort type times way ways thing things stuff couple number amount rest "
            "minute minutes hour day days week weeks month months year years moment today tomorrow "
            "yesterday tonight monday tuesday wednesday thursday friday saturday sunday half dozen "
            "reason reasons example case fact point part going get gets getting got go goes went gone "
            "come comes came make makes made take takes took taken give gives gave given put say says "
            "said tell tells told ask asks asked want wants wanted need needs needed think thought mean "
            "means meant know knew known see saw seen look looked find found feel felt like keep kept "
            "named anymore alot multiple"
        ),
        adverbs=("ly",),
        qualities=_set(
            "long new big full late small huge own free extra great good bad best worst"
        ),
    ),
    "es": Grammar(
        articles=_set("el la los las un una unos unas"),
        determiners=_set(
            "mi mis tu tus su sus nuestro nuestra nuestros nuestras este esta estos estas ese esa esos "
            "esas aquel aquella cada me te se nos os le les lo"
        ),
        subjects=_set(
            "yo tú él ella nosotros nosotras ellos ellas usted ustedes me te se nos os le les lo he has "
            "ha hemos han había habían puedo puede pueden podemos debe deben hay que quien más"
        ),
        negations=_set("no nunca jamás ni"),
        prepositions=_set("de del en con sin para por a al"),
        copulas=_set("es son era eran está están estaba estaban"),
        joints=("y", "e", "o"),
        loose=_set(
            "vez veces cosa cosas forma manera modo tipo parte hora minuto minutos día días semana "
            "semanas mes meses año años hoy ayer mañana lunes martes miércoles jueves viernes sábado "
            "domingo media varios varias hacer hace hacen hizo hecho ir voy va van ver vi decir dice "
            "dijo dijeron dar da dan dio tener tengo tiene tienen tenía poner pone quedar queda llegar "
            "llega llegó pedir pedí pidió saber sé sabe querer quiero quiere poder pasar pasa dejar "
            "deja salir sale llevar llevo lleva parecer volver"
        ),
        adverbs=("mente",),
        qualities=_set("gran grande nuevo nueva mal mala buen buena"),
    ),
    "it": Grammar(
        articles=_set("il lo la i gli le l un uno una"),
        determiners=_set(
            "mio mia miei mie tuo tua suo sua suoi sue nostro nostra nostri nostre vostro vostra loro "
            "questo questa questi queste quel quello quella quei quelle ogni mi ti ci vi si"
        ),
        subjects=_set(
            "io tu lui lei noi voi mi ti ci vi si ne ho hai ha abbiamo avete hanno avevo aveva avevano "
            "devo deve devono posso può possiamo possono voglio vuole vogliono che chi più"
        ),
        negations=_set("non mai né"),
        prepositions=_set(
            "di del dello della dei degli delle dell in nel nella nei nelle nell con senza per da dal "
            "dalla a al alla ai alle all su sul sulla"
        ),
        copulas=_set("è sono era erano"),
        joints=("e", "ed", "o"),
        loose=_set(
            "volta volte cosa cose modo tipo parte ora ore minuto minuti giorno giorni settimana "
            "settimane mese mesi anno anni oggi domani ieri lunedì martedì mercoledì giovedì venerdì "
            "sabato domenica mezza mezzo mezz fare fa fanno faceva fatto andare vado va vedere visto "
            "dire dice dicono diceva detto dare dà danno dato avere mettere messo arrivare arriva "
            "arrivato chiedere chiesto chiede sapere so sa sanno volere potere passare passato "
            "lasciare lasciato uscire esce portare portato stare sto trovare trovato"
        ),
        adverbs=("mente",),
        qualities=_set("gran grande nuovo nuova"),
    ),
}

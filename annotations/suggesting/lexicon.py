"""The English words that attribute, and what each may take.

A verb's frames are letters:

    s  says: a clause, with or without "that", or words in quotation marks
    a  its first object is whom it is said to: "told reporters that …"
    w  a question: "asked whether …"
    u  an object that is to do something: "urged Britain to wait"
    t  what the subject will do: "promised to wait"
    o  an object, which is what the words are about: "condemned the ban"
    m  a state of mind rather than speech: "believes that …"
    e  what shows rather than says: "the poll found that …"
    x  needs a clause or quotation marks as evidence; too common in other senses
"""

import re
from dataclasses import dataclass

_IRREGULAR = {
    "say": "says said saying",
    "tell": "tells told telling",
    "write": "writes wrote written writing",
    "read": "reads reading",
    "think": "thinks thought thinking",
    "feel": "feels felt feeling",
    "know": "knows knew known knowing",
    "foresee": "foresees foresaw foreseen foreseeing",
    "speak": "speaks spoke spoken speaking",
    "swear": "swears swore sworn swearing",
    "find": "finds found finding",
    "show": "shows showed shown showing",
    "make": "makes made making",
    "put": "puts putting",
    "bet": "bets betting",
    "hold": "holds held holding",
    "begin": "begins began begun beginning",
    "forbid": "forbids forbade forbidden forbidding",
    "go": "goes went gone going",
    "sing": "sings sang sung singing",
    "shout": "shouts shouted shouting",
    "throw": "throws threw thrown throwing",
    "understand": "understands understood understanding",
    "mean": "means meant meaning",
    "hear": "hears heard hearing",
    "see": "sees saw seen seeing",
    "learn": "learns learned learnt learning",
    "teach": "teaches taught teaching",
    "seek": "seeks sought seeking",
    "beseech": "beseeches beseeched besought beseeching",
    "shoot": "shoots shot shooting",
    "lay": "lays laid laying",
}
_DOUBLING = frozenset(
    [
        "admit",
        "quip",
        "refer",
        "plan",
        "pan",
        "slam",
        "rip",
        "tap",
        "sum",
        "submit",
        "rebut",
        "blog",
        "chat",
        "commit",
        "rap",
        "regret",
        "prefer",
        "propel",
        "expel",
        "wrap",
        "grab",
        "nod",
        "snap",
        "pin",
        "plug",
        "concur",
        "defer",
    ]
)

_FRAMES = """
    say s            tell sau           add s              claim s            insist s
    argue sp:against,for                warn saup:of,about,against            state so
    declare so       deny s            admit s           confirm so         concede so
    suggest so       predict s         reply s            respond s      write sap:about
    explain so       note so            stress so          emphasise so       emphasize so
    underscore s    underline s       acknowledge so     agree st           disagree s
    complain sp:about,of                joke sp:about      quip s             tweet so
    recall so        reveal so          report s          reiterate so       relay o
    maintain s       contend s          assert so          allege so          hint sp:at
    conclude s       caution sap:against remark sp:on      observe s          comment sp:on
    continue x       repeat so          propose sto        recommend so       boast sp:about,of
    lament so        muse sp:about      counter s          retort s           testify sp:about
    post s          signal so          profess s          proclaim so        pronounce s
    announce so      answer sp:to              email x
    aver s           opine sp:on        posit s            reason s           speculate sp:about
    surmise s        theorise s         theorize s         estimate so        forecast so
    project s        chide so           scold o            rebuke o           spell x
    reprimand o      cry s              shout s            yell s             scream s
    whisper s        mutter s           murmur s           mumble s           gush s
    enthuse s        rave sp:about      exclaim s          interject s        intone s
    begin x          read x             blog sp:about      assure sa          chant s
    reassure sa      remind saup:of     inform sap:of      notify sap:of      advise sau
    promise sta     vow st             pledge st         threaten t         swear st
    guarantee so     offer t            volunteer st       grumble sp:about   gripe sp:about
    fume sp:about    rant sp:about      rail p:against,about                  boom x
    certify s        attest sp:to       vouch p:for        beam x             crack x
    ask wsup:about,for                  wonder wsp:about   question wo        inquire wp:about
    enquire wp:about query wo           urge us            demand st         thunder x
    order u          command u          instruct u         beg u              laugh x
    implore u        exhort u           plead sp:for,with  entreat u          beseech u
    press u          lobby u            petition u         encourage u        chuckle x
    request s       dare u             challenge u        call x             chime x
    criticise o      criticize o        condemn o          denounce o         decry o
    deplore o        blast o            slam o             bash o             lambaste o
    lambast o        assail o           mock o             ridicule o         jeer o
    deride o         insult o           belittle o         berate o           pan o
    rip o            savage o           pillory o          excoriate o        castigate o
    chastise o       censure o          disparage o        malign o           fault o
    blame o          accuse o           charge s           praise o           laud o
    hail o           applaud o          commend o          extol o            tout o
    congratulate o   thank o            salute o           compliment o       bemoan o
    bewail o         describe o         characterise o     characterize o     trash o
    depict o         label o            brand o            dub o              deem x
    dismiss o        refute o           rebut o            dispute o
           repudiate o        renounce o         retract o
    cite o           quote o            mention so                  detail o
    outline o        recount so         narrate o          relate s
    summarise o      summarize o        clarify so         elaborate sp:on    specify so
    indicate so      imply s            intimate s         insinuate s        disclose s
    divulge o        broach o           advocate p:for    protest s         object sp:to
    apologise s apologize s   regret so                     echo o
    concur s         liken o            equate o           taunt o            demur s
    speak p:about,of,against            talk p:about,of,up         allude p:to
    touch p:on       brag sp:about,of   crow sp:about      gloat sp:about     marvel sp:at
    sniff s          scoff sp:at        sneer s            snap s             bristle sp:at
    confess sto      confide s          preach sp:about    vent s             rejoice s
    decree s         rule s             find e             show e             calculate s
    demonstrate e    prove e            illustrate e       point x            put x
    go x             make x             believe m          think m            hope m
    fear m           doubt m            suspect m          reckon m           worry m
    """


def inflected(lemma: str) -> tuple[str, ...]:
    """Every form of a verb, the base form first."""
    if lemma in _IRREGULAR:
        return lemma, *_IRREGULAR[lemma].split()
    if lemma.endswith("e"):
        return lemma, f"{lemma}s", f"{lemma}d", f"{lemma[:-1]}ing"
    if re.search("[^aeiou]y$", lemma):
        return lemma, f"{lemma[:-1]}ies", f"{lemma[:-1]}ied", f"{lemma}ing"
    stem = lemma + lemma[-1] if lemma in _DOUBLING else lemma
    third = f"{lemma}es" if re.search("(?:s|sh|ch|x|z)$", lemma) else f"{lemma}s"
    return lemma, third, f"{stem}ed", f"{stem}ing"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a verb of attribution may take."""

    lemma: str
    letters: frozenset[str]
    prepositions: frozenset[str]

    def takes(self, letters: str) -> bool:
        return not self.letters.isdisjoint(letters)


def _frames() -> dict[str, Frame]:
    """The frame of every form."""
    frames: dict[str, Frame] = {}
    words = _FRAMES.split()
    for lemma, code in zip(words[::2], words[1::2], strict=True):
        letters, _, prepositions = code.partition("p:")
        known = frames.get(lemma)
        frame = Frame(
            lemma,
            frozenset(letters) | (known.letters if known else frozenset()),
            frozenset(filter(None, prepositions.split(","))) | (known.prepositions if known else frozenset()),
        )
        for form in inflected(lemma):
            frames[form] = frame
    return frames


VERBS = _frames()
"""Form → frame, in small letters."""

_PHRASES = {
    ("point", "out"): "so",
    ("point", "to"): "o",
    ("call", "on"): "u",
    ("call", "upon"): "u",
    ("call", "out"): "o",
    ("call", "for"): "o",
    ("make", "clear"): "s",
    ("put", "it"): "x",
    ("go", "on"): "x",
    ("lash", "out"): "x",
    ("shoot", "back"): "x",
    ("fire", "back"): "x",
    ("chime", "in"): "x",
    ("spell", "out"): "so",
    ("lay", "out"): "o",
    ("play", "down"): "o",
    ("talk", "up"): "o",
}
PHRASES = {
    (form, second): Frame(f"{lemma} {second}", frozenset(letters), frozenset())
    for (lemma, second), letters in _PHRASES.items()
    for form in inflected(lemma)
}
"""Form and the word after it → frame."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NOUNS = _set(
    """claim claims allegation allegations assertion assertions suggestion suggestions argument arguments
    statement statements announcement announcements accusation accusations charge charges warning warnings
    promise promises pledge pledges vow vows threat threats admission acknowledgment acknowledgement denial denials
    insistence contention prediction predictions declaration declarations remark remarks comment comments
    complaint complaints proposal proposals demand demands recommendation recommendations assurance assurances
    revelation revelations report reports rumor rumors rumour rumours conclusion conclusions notion
    belief view hope hopes fear fears concern concerns worry worries opinion feeling doubts speculation criticism
    reports confession assessment testimony observation observations"""
)
"""Nouns whose "that" says what was said: "his claim that …"."""

NOUNS_TO = _set("call calls promise promises pledge pledges vow vows threat threats offer warning warnings")
"""Nouns that attribute what "to" leads to, where it is told whose they are: "his promise to resign"."""

SAYERS = _set(
    """statement statements letter letters email emails e-mail e-mails memo memos report reports tweet tweets
    message messages note notes document documents article articles essay column ad ads advertisement video
    poll polls survey surveys study studies website site sign signs headline headlines petition editorial
    brief lawsuit complaint text texts book post posts press release"""
)
"""Things that speak: "a letter warning that …"."""


NAMING = _set("call label brand dub deem describe characterise characterize denounce dismiss")
"""Verbs after which something gets a name."""

COMMON = _set(
    """say tell add note argue warn insist announce report state write claim suggest explain acknowledge
    admit assert complain contend predict reply respond ask wonder indicate continue conclude stress
    deny declare"""
)
"""Verbs that mostly attribute when they stand with a clause or quotation marks."""

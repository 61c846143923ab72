"""The words around days in notices of absence, folded: months, weekdays, coming back, being away until."""

from __future__ import annotations

MONTHS = (
    "january januar janvier enero gennaio janeiro januari tammikuuta tammikuun stycznia ledna januara januarja ianuarie ocak января січня jan janv ene gen sty led ιανουαριου",
    "february februar fevrier febrero febbraio fevereiro februari helmikuuta lutego unora februara februarie subat февраля лютого feb febr fevr fev lut φεβρουαριου",
    "march marz maerz mars marzo marco mart maart maaliskuuta marca brezna martie марта березня mar mrz ożn bre μαρτιου",
    "april avril abril aprile huhtikuuta kwietnia dubna aprila aprilie nisan апреля квітня apr avr abr kwi dub απριλιου",
    "may mai mayo maggio maio mei maj toukokuuta maja kvetna mayis мая травня mag kwe kve μαιου",
    "june juin junio giugno junho juni kesakuuta czerwca cervna juna iunie haziran июня червня jun giu cze ιουνιου",
    "july juillet julio luglio julho juli heinakuuta lipca cervence jula iulie temmuz июля липня jul lug lip ιουλιου",
    "august aout agosto augustus augusti elokuuta sierpnia srpna augusta agustos августа серпня aug ago sie srp αυγουστου",
    "september septembre septiembre settembre setembro syyskuuta wrzesnia zari septembra septembrie eylul сентября вересня sep sept set wrz zar σεπτεμβριου",
    "october oktober octobre octubre ottobre outubro oktobar lokakuuta pazdziernika rijna oktobra octombrie ekim октября жовтня oct okt ott out paz rij οκτωβριου",
    "november novembre noviembre novembro marraskuuta listopada listopadu novembra noiembrie kasim ноября листопада nov lis kas νοεμβριου",
    "december dezember decembre diciembre dicembre dezembro desember joulukuuta grudnia prosince decembra decembrie aralik декабря грудня dec dez dic des gru pro ara δεκεμβριου",
)
WEEKDAYS = (
    "monday montag lundi lunes lunedi segunda-feira segunda maandag mandag maanantai maanantaina poniedzialek pondeli pondelok luni pazartesi понедельник понеділок hetfo hetfon måndag mandagen 月曜日 周一 星期一 월요일",
    "tuesday dienstag mardi martes martedi terca-feira dinsdag tisdag tirsdag tiistai tiistaina wtorek utery utorok marti sali вторник вівторок kedd kedden 火曜日 周二 星期二 화요일",
    "wednesday mittwoch mercredi miercoles mercoledi quarta-feira woensdag onsdag keskiviikko keskiviikkona sroda srode stredu streda miercuri carsamba среду среда середу szerda szerdan 水曜日 周三 星期三 수요일",
    "thursday donnerstag jeudi jueves giovedi quinta-feira donderdag torsdag torstai torstaina czwartek ctvrtek stvrtok joi persembe четверг четвер csutortok csutortokon 木曜日 周四 星期四 목요일",
    "friday freitag vendredi viernes venerdi sexta-feira vrijdag fredag perjantai perjantaina piatek patek piatok vineri cuma пятницу пятница п'ятницю pentek penteken 金曜日 周五 星期五 금요일",
    "saturday samstag sonnabend samedi sabado sabato zaterdag lordag lauantai lauantaina sobota sobote sobotu sambata cumartesi субботу суботу szombat 土曜日 周六 星期六 토요일",
    "sunday sonntag dimanche domingo domenica zondag sondag sunnuntai sunnuntaina niedziela niedziele nedeli nedele nedelu duminica pazar воскресенье неділю vasarnap 日曜日 周日 星期日 일요일",
)
"""Monday first."""
TOMORROW = (r"\btomorrow\b", r"\bab morgen\b", r"\bmorgen wieder\b", r"\bdemain\b", r"\bmanana\b(?! por)", r"\bdomani\b", r"\bamanha\b", r"\bi morgon\b", r"\bi morgen\b", r"\bhuomenna\b", r"\bjutro\b", r"\bzitra\b", r"завтра", r"明日", r"明天", r"내일")  # fmt: skip
BACK = (
    r"\bback\b", r"\breturn(?:s|ing|ed)?\b", r"\bavailable (?:again )?(?:from|on|as of)\b", r"\bresum\w+\b", r"\breachable (?:again )?(?:from|on|as of)\b", r"\b(?:again|online) (?:from|on|as of)\b", r"\bfirst (?:working )?day\b",
    r"\bwieder\b", r"\bzuruck\w*\b", r"\bruckkehr\b", r"\berreichbar ab\b", r"\berreichen sie mich ab\b", r"\bde retour\b", r"\bmon retour\b", r"\bretour (?:le|au)\b", r"\breviens\b", r"\breviendrai\b", r"\brentre(?:rai)?\b", r"\breprend\w*\b", r"\bdisponible (?:a partir|des)\b",
    r"\bvuelv\w+\b", r"\bvolver\w*\b", r"\bregres\w+\b", r"\bde vuelta\b", r"\breincorpor\w+\b", r"\bmi vuelta\b", r"\brientr\w+\b", r"\btorn(?:o|ero|iamo)\b", r"\bdi ritorno\b", r"\bdi nuovo (?:in ufficio|disponibile|operativ\w)\b", r"\bregress\w+\b", r"\bde volta\b", r"\bvolt(?:o|arei|aremos)\b", r"\bretorn\w+\b",
    r"\bterug\b", r"\bweer (?:aanwezig|bereikbaar|op kantoor|beschikbaar)\b", r"\bterugkom\w*\b", r"\btillbaka\b", r"\bater(?:kommer| pa plats| i tjanst|kommer)?\b", r"\btilbake\b", r"\btilbage\b", r"\bretur\b", r"\bigjen\b", r"\bigen\b", r"\bpalaan\b", r"\btakaisin\b", r"\btavoitettavissa\b",
    r"\bwrac\w*\b", r"\bwroc\w*\b", r"\bpowr\w+\b", r"\bz powrotem\b", r"\bdostepn\w+ od\b", r"\bvrat\w+\b", r"\bzpet\b", r"\bspat\b", r"\bopet\b", r"\bznovu\b", r"\bvisszater\w*\b", r"\bujra\b", r"\belerheto\b", r"\brevin\b", r"\bintorc\b", r"\bvoi reveni\b", r"\bma intorc\b", r"вернусь", r"возвращ\w+", r"снова", r"буду (?:в офисе|доступ\w+|на месте)", r"выиду", r"повернусь", r"\bdonec\w+|\bdonus\w*|\bdonuyorum", r"επιστρ\w+",
    r"戻り", r"戻ります", r"出社", r"復帰", r"より(?:通常|営業|勤務)", r"から(?:通常|営業|勤務|出社)", r"返回", r"回来", r"回來", r"回到", r"上班", r"恢复", r"恢復", r"복귀", r"돌아", r"출근",
)  # fmt: skip
"""Of coming back."""
SINCE = (r"\bsince\b", r"\bdepuis\b", r"\bseit\b", r"\bdesde hace\b", r"\bsinds\b")
"""Not of days to come."""
UNTIL = (
    r"\buntil\b", r"\btill\b", r"\b'til\b", r"\bthrough\b", r"\bthru\b", r"\bup to\b", r"\bending\b", r"\bbis\b", r"\bjusqu\w*\b", r"\bhasta\b", r"\bfino (?:al?|all')?\b", r"\bsino al\b", r"\bate\b", r"\btot\b", r"\bt/m\b", r"\bt\.?e\.?m\.?\b", r"\btill och med\b", r"\btil og med\b", r"\bt\.?o\.?m\.?\b", r"\btil\b", r"\basti\b", r"\bsaakka\b", r"\bdo (?:dnia )?(?=\d|\w+ \d)", r"\bdo (?=\d)", r"\b-ig\b", r"\bpana (?:pe|in|la)\b", r"до\b", r"по\b", r"\bkadar\b", r"\bmeχρι|μεχρι\b", r"まで", r"至", r"直到", r"까지",
)  # fmt: skip
"""Of being away for so long."""
INCLUDING = (
    r"\binclu(?:ding|sive|ded|s|sivement|ido|ida|sief|so|sa)\b", r"\beinschl\w*\b", r"\binkl\w*\b", r"\bthrough\b", r"\bthru\b", r"\bcompris(?:e|es)?\b", r"\bcompres\w\b", r"\bincluid\ws?\b", r"\bcomprendid\w\b", r"\btot en met\b", r"\bt/m\b", r"\bt\.?e\.?m\.?\b", r"\btill och med\b", r"\btil og med\b", r"\bt\.?o\.?m\.?(?=\s|\b)", r"\bwlacznie\b", r"\bvcetne\b", r"\bvratane\b", r"\bsaakka\b", r"включительно", r"включно", r"\bdahil\b", r"\bbezarolag\b", r"\binclusiv\b",
)  # fmt: skip
"""The last day counts as one of being away."""
AFTER = (r"\bafter", r"\bnach", r"\bapres", r"\bdespues de", r"\bdespues del", r"\bdopo", r"\bapos", r"\bdepois de", r"\bna", r"\befter", r"\better", r"\bpo", r"после", r"\bfrom after")  # fmt: skip
"""The day itself is not meant, the next one is."""
MONTH_FIRST = frozenset(["en-us", "en-ph", "en-bz"])
"""Languages that write the month before the day."""
UNTIL_AFTER = (
    r"\s?まで",
    r"\s?까지",
    r"(?:'\w+)? (?:tarihine )?kadar",
    r" (?:asti|saakka)",
    r"-?ig\b",
    r"\s?(?:为止|為止)",
)
"""Of being away for so long, behind the day."""

"""Whether somebody asks for no more mail, in words of their own; sentences that merely hold such a word are not meant.

Each pattern is a request or a wish in the first person, matched on folded text: no accents, no case.
"""

from __future__ import annotations

import re
from functools import cache

from rusvel_tui.engine.gtm.mail.reading.sentences import folded, sentences

_BARE = """
unsubscribe|unsubscribed|stop|stop it|stop this|stop that|stopp|remove|remove me|remove us|remove this address|opt out|opt-out|optout
|take me off|cancel|no more|no more mail|no more mails|no more emails|off|leave me alone|go away
|abmelden|abbestellen|austragen|abmeldung|austragung|bitte abmelden|kein interesse an mails|keine mails mehr|keine werbung
|desinscription|desinscrire|desabonner|desabonnement|me desinscrire|me desabonner|arret|arretez|stop svp|retirez-moi
|baja|darme de baja|dar de baja|cancelar suscripcion|desuscribir|desuscribirme|borrar|no enviar mas
|cancellami|cancellazione|disiscrivimi|disiscrizione|rimuovimi|basta
|remover|descadastrar|cancelar inscricao|cancelar assinatura|sair da lista|descadastre-me
|uitschrijven|afmelden|schrijf me uit|meld me af|verwijder mij
|avregistrera|avsluta|avprenumerera|avmeld|avmelding|meld meg av|afmeld|afmelding|frameld|stopp utsendelse
|peruuta|peruuta tilaus|poista|poista listalta|lopeta
|wypisz|wypisz mnie|rezygnuje|usun|odhlasit|odhlaste me|zrusit odber|leiratkozas|leiratkozom|dezabonare|dezabonati-ma
|отписаться|отпишите меня|отпишите|отписка|удалите меня|стоп|відписатися|відпишіть мене|abonelikten cik|listeden cikar|cikar
|配信停止|配信停止希望|配信停止をお願いします|退会|解除|退订|取消订阅|退訂|取消訂閱|수신거부|구독취소|구독 취소|수신 거부
"""
_ASK = (
    r"(?:^|[,;-] ?|\b(?:and|so|but|or|please|pls|plz|kindly|just|then|(?:would|could|can|will) you(?: please)?|(?:want|ask|asking|like|need) you to"
    r"|immediately|hereby|must|simply|thanks?|interested|now|hi|hello|sorry) )"
)
_MAILS = r"(?:e-?mails?|mails?|mailings?|messages?|newsletters?|communications?|spam|advertising|offers|marketing)"
_ME = r"(?:me|us|my (?:e-?mail|mail|address|name|data|details|contact|info|information|personal|account)|our (?:e-?mail|address|company|firm|team|data|details)|this (?:e-?mail|address|mailbox|account))"
_ENGLISH = (
    rf"{_ASK}(?:remove|delete|take|drop|strike|erase|scratch|get) {_ME}\b.*\b(?:list|lists|database|mailing|mailings|distribution|records|systems?|files?|crm|campaigns?|sequence|books|{_MAILS})\b",
    rf"{_ASK}(?:remove|delete|erase) {_ME}(?: (?:e-?mail )?address)?(?: (?:please|now|immediately|at once|asap|thanks?|thank you))*$",
    rf"{_ASK}(?:remove|delete|erase) (?:my|our) (?:e-?mail|mail|address|data|details|contact|personal)\b",
    rf"{_ASK}take (?:me|us|my \w+|this address) off\b",
    rf"{_ASK}(?:remove|delete) from (?:your|the|this|all|any) .*\b(?:list|lists|mailing|mailings|database)\b",
    rf"{_ASK}unsubscribe(?: (?:me|us|my|this|from (?:this|your|all|any|these|the)|immediately|now|please|thanks?|thank you|asap)\b|$)",
    rf"{_ASK}(?:stop|quit|cease|refrain from) (?:e-?mailing|mailing|writing(?: to)?|contacting|messaging|spamming|bothering|pestering|harassing) ?(?:me|us|this|$)",
    rf"{_ASK}(?:stop|quit|cease) (?:all |any |further )?(?:sending|contact|contacts)(?: (?:me|us))?(?: (?:any|these|those|this|your|more|further|such|unsolicited))*(?: {_MAILS}| this| anything| stuff| it)?(?: .*)?$",
    rf"{_ASK}stop (?:all |with )?(?:the|these|those|your|all|this) (?:\w+ )?{_MAILS}\b",
    r"(?:^|please |kindly |just |and |so |, ?)(?:do not|don'?t|dont|never)(?: ever)? (?:contact|e-?mail|mail|message|write(?: to)?|spam|bother|approach) (?:me|us|this address)?(?:.*\b(?:again|any ?more|any longer|further|in (?:the )?future|ever)\b| ?please| ?$)",
    rf"(?:^|please |kindly |and |so |, ?)(?:do not|don'?t|dont|never) send (?:me|us|this address)? ?(?:any|more|further|such|these|your|anything|{_MAILS})\b",
    rf"(?:^|please,? |and |, ?)no (?:more|further) (?:of )?(?:your |these )?(?:\w+ )?{_MAILS}\b",
    rf"\b(?:i|we) (?:really )?(?:do not|don'?t|dont|no longer|never|would not|wouldn'?t) (?:want|wish|like|care|agree|consent) (?:you )?(?:to )?(?:receive|receiving|get|getting|be sent|send me)? ?(?:any|more|further|your|these|this|such)?.*\b(?:{_MAILS}|from you)\b",
    r"\b(?:i|we) (?:do not|don'?t|dont|no longer) (?:want|wish) to (?:hear from you|be (?:contacted|e-?mailed|on (?:this|your)))",
    rf"(?:{_ASK}|\b(?:i|we)(?: would|'d)? (?:want|wish|like|prefer|choose) to )opt (?:me |us )?out\b",
    r"\b(?:i|we) (?:am|are|'m|'re) opting out\b",
    r"\b(?:i|we)(?: would|'d)? (?:want|wish|like|prefer|ask|request|demand) (?:to )?(?:be |get )?(?:unsubscribed?|removed|taken off|deleted from|off your)\b",
    r"\bhow (?:do|can|could|may) (?:i|we) (?:unsubscribe|opt out|get off|stop (?:these|your|receiving))(?: (?:from|of|this|these|your|here|please)\b|$|\?)",
    r"\b(?:i|we) (?:hereby )?object to (?:the |any |your )?(?:\w+ )?(?:processing|use|marketing|direct marketing|e-?mails?|contact)",
    r"(?:^|please |just |, )(?:leave (?:me|us) alone|lose my (?:e-?mail|address|number)|get lost|never write again)",
)
_OTHERS = (
    # German
    r"\b(?:streich|nehm|nimm|entfern|losch|loesch|trag|meld)\w* (?:sie |du )?(?:bitte )?(?:mich|uns|meine|unsere|diese)\b.*(?:verteiler|liste|datenbank|kartei|newsletter|adresse|daten|system|\baus\b|\bab\b|\braus\b)",
    r"(?:^|, |bitte |und )(?:mich|uns|meine|diese) .*(?:verteiler|liste|datenbank|adresse|daten|newsletter)\w* .*(?:streichen|nehmen|entfernen|loschen|loeschen|austragen|abmelden)",
    r"\b(?:schreib|kontaktier|send|schick|mail|belastig)\w* (?:sie |du |ihr )?(?:mir|mich|uns)\b.*(?:nicht mehr|nie wieder|nie mehr|keine\w* (?:weiter\w* )?(?:e-?mails?|mails?|nachrichten|werbung|newsletter)|nichts mehr)",
    r"(?:^|bitte |und |, )(?:mir |uns )?(?:keine|keinerlei) (?:weiter\w* |solche\w* )?(?:e-?mails?|mails?|nachrichten|werbung|newsletter)\b.*(?:mehr|schicken|senden|zusenden|zuschicken|$)",
    r"\b(?:mochte|mochten|wunsche|wunschen|will|wollen) .*(?:keine\w* (?:weiter\w* )?(?:e-?mails?|mails?|nachrichten|werbung|newsletter)|nicht mehr (?:angeschrieben|kontaktiert|belastigt|von ihnen)|(?:abmelden|abgemeldet|ausgetragen|geloscht) ?(?:werden)?$)",
    r"\bbitte (?:um )?(?:abmelden|austragen|abbestellen|abmeldung|austragung|loschung meiner|loschen)\b",
    r"\b(?:widerspreche|widersprechen wir|widerspruch)\b.*(?:nutzung|verwendung|verarbeitung|werbung|daten|zusendung|kontakt)",
    r"\bhor\w* (?:sie |bitte )?auf\b.*(?:schreiben|mailen|schicken|senden|kontaktieren|belastigen)",
    r"\blass\w* (?:sie )?mich in ruhe\b",
    # French
    r"\b(?:retir|supprim|enlev|desinscri|desabonn|effac|radi)\w*[ -](?:moi|nous|mon|mes|notre|cette)\b",
    r"\bme (?:retirer|supprimer|enlever|desinscrire|desabonner|rayer|effacer)\b(?!.*\bcombien\b)",
    r"\b(?:retirer|supprimer|effacer) (?:mon|mes) (?:adresse|nom|donnees|coordonnees|e-?mail)",
    r"\bne (?:m'|me |nous )?(?:plus )?(?:ecrivez|envoyez|contactez|sollicitez|ecrire|envoyer|contacter|solliciter|m'ecrire|m'envoyer|me contacter)\b.*",
    r"\bne (?:souhaite|veux|voulons|souhaitons|desire)\w* plus (?:recevoir|etre|de vos|avoir)\b",
    r"\b(?:arretez|cessez) de (?:m'|me |nous )",
    r"\bplus (?:aucun|de) (?:e-?mails?|mails?|messages?|courriels?|publicite)\b(?=.*(?:svp|merci|$))(?<!avez plus de mails)(?<!pas plus de mails)",
    r"\bje m'oppose (?:a|au)\b",
    # Spanish
    r"\b(?:elimin|borr|quit|retir|sac|remuev)\w*(?:me|nos)\b.*(?:lista|base|correos?|envios|boletin|datos|$)",
    r"\b(?:eliminen?|borren?|quiten?|retiren?) (?:mi|mis|nuestro|este) (?:correo|direccion|datos|nombre|e-?mail)",
    r"\b(?:den|deme|denme|darme|darnos|dar|dame) de baja\b",
    r"\bdesuscrib\w+(?:me|nos)\b",
    r"\bno (?:me |nos )(?:escrib|envi|contact|mand|molest)\w+(?: (?:mas|nunca|otra vez)|.*(?:\bmas\b|nunca|correos?|mensajes?)| ?$)",
    r"\bno (?:quiero|deseo|queremos|deseamos) (?:recibir|mas correos|que me (?:escrib|contact))",
    r"\bdej(?:e|en|a|ad) de (?:escribir|enviar|contactar|mandar|molestar)\w*",
    r"\bno (?:enviar|envien?|mandar|manden?) mas (?:correos?|mensajes?|e-?mails?)",
    # Italian
    r"\b(?:cancell|rimuov|elimin|togli|tolga|disiscriv)\w*(?:mi|ci|temi|teci)\b.*",
    r"\b(?:mi|ci) (?:cancell|rimuov|elimin|tolg|disiscriv)\w+ (?:dal|dalla|dalle|da)\b",
    r"\b(?:cancell|rimuov|elimin)\w* (?:il mio|la mia|i miei|questo) (?:indirizzo|e-?mail|nome|dati)",
    r"\bnon (?:mi |ci )?(?:scriv|invi|contatt|mand)\w+ (?:piu|mai piu|altre)\b",
    r"\bnon (?:scriver|inviar|contattar|mandar)\w*(?:mi|ci) (?:piu|mai|altre)",
    r"\bnon (?:desider|vogli)\w* (?:piu )?(?:ricevere|essere contattat)",
    r"\bsmett\w+ di (?:scriver|inviar|contattar|mandar)",
    # Portuguese
    r"\b(?:remov|retir|exclu|tir|descadastr|elimin)\w*[- ](?:me|nos|meu|o meu|os meus|este)\b.*(?:lista|e-?mails?|base|cadastro|endereco|contato|contacto|dados|$)",
    r"\b(?:me|nos) (?:remov|retir|exclu|tir|descadastr)\w+ (?:da|desta|dessa|de)\b",
    r"\bnao (?:me |nos )?(?:envi|escrev|mand|contat|contact)\w+(?:-me|-nos)? (?:mais|nunca mais)\b",
    r"\bnao (?:quero|desejo|queremos|desejamos) (?:mais )?receber",
    r"\bpar(?:e|em) de (?:me )?(?:enviar|escrever|mandar|contatar|contactar)",
    # Dutch
    r"\b(?:verwijder|haal|schrap|schrijf|meld)\w* (?:mij|me|ons|mijn|onze|dit)\b.*(?:lijst|bestand|database|mailing|adres|gegevens|\baf\b|\buit\b|$)",
    r"\b(?:stuur|mail|schrijf|benader|contacteer)\w* (?:mij|me|ons) (?:niet meer|nooit meer|geen)\b",
    r"\b(?:wil|willen|wens) (?:ik |wij )?(?:geen|niet meer|niet langer)\b.*(?:mails?|e-?mails?|berichten|ontvangen|benaderd)",
    r"\b(?:ik|wij|we) (?:wil|willen|wens) me (?:graag )?(?:uitschrijven|afmelden)",
    r"\bgeen (?:e-?mails?|mails?|berichten) meer\b",
    # Swedish, Norwegian, Danish
    r"\b(?:ta|tag|fjern|stryk|slett|slet|avregistrera|avmeld|meld|afmeld|frameld)\w* (?:bort |venligst )?(?:mig|meg|oss|os|min|mitt|mine)\b.*(?:list|utskick|register|adress|mail|epost|e-post|\bav\b|\bfra\b|\bfran\b|\baf\b|$)",
    r"\b(?:sluta|slutt|stop|stopp|hold op) (?:med )?(?:att |a |med a |med at |at )?(?:skicka|sende|send|skriv|kontakt|maila|maile)\w*",
    r"\b(?:skicka|send|skriv|kontakta|kontakt)\w* (?:ikke |inte |aldrig |aldri )?(?:mig|meg|oss|os|til meg|til mig|till mig)? ?(?:inte|ikke|aldrig|aldri|inga|ingen) (?:fler|flere|mer|mere|igen|igjen)",
    r"\b(?:onsker|onskar|vil|vill) (?:jag |jeg |vi )?(?:ikke|inte) (?:lenger |langre |langere |ha |motta |modtage |fa )*.*(?:e-?post|epost|mejl|mails?|utskick|meldinger|henvendelser|nyhetsbrev|nyhedsbrev)",
    r"\b(?:inga|ingen) (?:fler|flere) (?:mejl|mails?|e-?post\w*|meldinger|utskick)",
    r"\bvennligst (?:fjern|slett|avmeld)\w* (?:meg|min|oss)\b",
    # Finnish
    r"\b(?:poista\w*|ota\w*) (?:minut|meidat|osoitteeni|tietoni|sahkopostini)\b",
    r"\b(?:ala|alkaa) (?:enaa )?(?:laheta|lahettako|kirjoita|kirjoittako|ota yhteytta)\w*",
    r"\ben halua (?:enaa )?(?:saada |vastaanottaa )?.*(?:viest|posti)",
    # Polish, Czech, Slovak, Hungarian, Romanian
    r"\b(?:wypisa|wypisz|usun|wykresl|skresl)\w* (?:prosze )?(?:mnie|nas|moj|moje)\b",
    r"\bprosze (?:o )?(?:wypisa|usuni|wykresl)\w+",
    r"\b(?:prosze )?(?:nie|nigdy wiecej) (?:pisa|pisz|wysyla|wysylaj|przysyla|kontaktowa|kontaktuj)\w*(?: .*(?:wiecej|do mnie|mi)|$)",
    r"\bnie (?:chce|zycze|zyczymy|chcemy) (?:sobie )?(?:wiecej |juz )?(?:otrzymyw|dostaw|wiadomosci|maili)",
    r"\b(?:odhlas|vyrad|vymaz|odstran|smaz)\w* (?:mne|mě|me|nas|moji|muj|moj)\b",
    r"\b(?:uz )?(?:mi |nam )?(?:uz )?(?:ne|nikdy ne)(?:pis|posil|zasil|kontaktuj)\w*",
    r"\bneprej\w+ si (?:uz )?(?:dosta|zasil)",
    r"\b(?:torolj\w*|vegyen\w*|vegyenek) (?:ki )?(?:engem|a cimem|a listarol|minket)",
    r"\bne (?:irjon|irjanak|kuldjon|kuldjenek|keressen)\w*(?: .*(?:tobb|tobbet|nekem)|$)",
    r"\b(?:va rog )?(?:sa )?(?:ma |ne )(?:stergeti|dezabonati|scoateti|eliminati)\b|\b(?:stergeti|dezabonati|scoateti)-(?:ma|ne)\b",
    r"\bnu (?:imi|ne|ma) mai (?:scrie|trimite|contacta)\w*",
    # Russian, Ukrainian, Turkish, Greek
    r"(?:отпишите|удалите|уберите|исключите) (?:пожалуиста,? )?(?:меня|нас|мои|этот)",
    r"(?:не|больше не) (?:пишите|присылаите|отправляите|беспокоите|шлите)(?: (?:мне|нам|меня))?(?: .*больше.*)?",
    r"(?:не хочу|не желаю) (?:больше )?(?:получать|чтобы вы)",
    r"прошу (?:меня )?(?:отписать|удалить|исключить|не писать|больше не)",
    r"(?:відпишіть|видаліть) (?:мене|нас)|(?:в[іi]дпиш[іi]ть|видал[іi]ть) мене|не пиш[іi]ть мен[іi]",
    r"\b(?:beni|bizi|adresimi|mailimi) .*(?:cikar|silin|sil)\w*",
    r"\b(?:bana|bize) (?:bir daha|artik) (?:yazma|mail|e-?posta|gonderme)\w*",
    r"(?:διαγραψτε|αφαιρεστε) (?:με|μας|το)|μη(?:ν)? μου (?:ξανα)?(?:στειλετε|γραψετε|στελνετε)",
    # Japanese, Chinese, Korean
    r"配信(?:を|の)?(?:停止|中止|解除)(?!.*(?:機能|できますか|方法は))",
    r"(?:リスト|名簿)から(?:削除|外して|除外)",
    r"(?:今後|もう)、?(?:メール|連絡|ご連絡|案内).*(?:不要|送らないで|しないで|お断り|お控え|控えて)",
    r"メールを?(?:送らないで|送信しないで)",
    r"(?:请|請)?(?:不要|别|勿|別)再?(?:给我|給我|向我)?(?:发|發|寄|联系|聯繫|发送|發送).*",
    r"(?:请|請)?(?:把|将|將)我.*(?:删除|刪除|移除|移出|去掉)",
    r"(?:请|請)(?:帮我)?(?:退订|取消订阅|退訂|取消訂閱)",
    r"(?:수신|구독)을? ?(?:거부|취소|해지)(?:해|하|합|부탁)",
    r"(?:더 ?이상|다시는) (?:메일|연락|이메일).*(?:마세요|말아|않)",
)
_HARMLESS = re.compile(
    r"waiting ?list|guest ?list|price ?list|parts ?list|to-?do|shopping list|wait ?list|warteliste|preisliste|liste d'attente|lista de espera"
    r"|\b(?:until|before|till) (?:next|the|then|mon|tue|wed|thu|fri|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d)"
    r"|(?:^|\b)(?:if|wenn|falls|si|se|als|jos|jesli|если) (?:your|the|a|our|customers?|someone|somebody|people|users?|they|kunden|jemand|un client|un cliente)\b"
    r"|\b(?:attach\w*|as pdf|paper|post|fax|whatsapp|phone|twice)\b"
)
_POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|dear|good (?:day|morning|afternoon)|hallo|guten tag|guten morgen|sehr geehrte\w*|liebe\w*|bonjour|madame|monsieur|hola|buenos dias|ciao|buongiorno|ola|bom dia|hei|hej|dzien dobry|dobry den)\b[^,\n.!:]{0,40}[,.!:]? ?)"
    r"|^(?:please|pls|bitte|merci|svp|s'il vous plait|por favor|per favore|alstublieft|tack|takk|prosze|prosim)[,!]? "
    r"|[ ,.!]*\b(?:please|pls|thanks?(?: you)?|thx|bitte|danke|merci|svp|s'il vous plait|gracias|por favor|grazie|obrigad[oa]|bedankt|dank u|tack|takk|tak|kiitos|dziekuje|cheers|regards|best|mfg|lg)[.!]*$"
)


def asks_for_no_more(own: str, subject: str) -> str:
    """The words that ask for no more mail; of a mail without words its subject; empty when nobody asks."""
    words = own.strip()
    if not words or _is_made_by_a_program(words):
        bare = _BARE_SUBJECT.sub("", folded(subject))
        return bare if _is_bare(bare) or _request(bare) else ""
    first = _first_words(words)
    if _is_bare(first):
        return first
    return next((said for said in sentences(words) if _request(said)), "")


_BARE_SUBJECT = re.compile(r"^(?:(?:re|aw|sv|vs|odp|ynt|antw|res|rv|tr|wg|fwd?) ?: ?)+")


def _is_made_by_a_program(words: str) -> bool:
    """The text that a mail program puts into a mail when somebody presses its button for this."""
    return len(words) < 400 and bool(_BUTTON.search(folded(words)))


_BUTTON = re.compile(
    r"automatically generated by (?:gmail|mail)|sent this (?:e-?mail|message) to unsubscribe|automated? unsubscribe|unsubscribe from the message"
)


def _first_words(words: str) -> str:
    """What is left of a short text without a greeting, thanks and a name below: the request alone, if it is one."""
    lines = [folded(line) for line in words.split("\n") if line.strip()]
    if lines and _GREETING_LINE.match(lines[0]) and len(lines) > 1:
        lines = lines[1:]
    if len(lines) > 4 or not lines or any(len(line.split()) > 4 for line in lines[1:]):
        return ""
    return lines[0]


_GREETING_LINE = re.compile(
    r"^(?:hi|hello|hey|dear|hallo|guten|sehr geehrte\w*|liebe\w*|bonjour|madame|monsieur|hola|buenos|ciao|buongiorno|gentile|ola|hei|hej|beste|dzien|dobry)\b[^.?]{0,40}[,!:]?$"
)


def _is_bare(text: str) -> bool:
    """Whether a text is nothing but the word itself, with or without a please."""
    bare = text.strip(" \t\"'“”„«»‚‘()[]*_.,!:;-–—")
    for _ in range(3):
        bare = _POLITE.sub("", bare).strip(" \"'“”„«»‚‘().,!:;-–—")
    word, _, token = bare.partition(" ")
    return bare in _bare_words() or (word == "unsubscribe" and bool(_TOKEN.fullmatch(token)))


_TOKEN = re.compile(r"[\w.:=+/-]{6,80}")
"""What a mail program puts behind the word: the mark of the person in the mail's unsubscribe address."""


@cache
def _bare_words() -> frozenset[str]:
    return frozenset(folded(word) for word in _BARE.replace("\n", "").split("|"))


def _request(sentence: str) -> bool:
    """Whether one folded sentence asks for it."""
    said = sentence.strip(" \"'“”„«»().!")[:600]
    return not _HARMLESS.search(said) and any(pattern.search(said) for pattern in _patterns())


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    from rusvel_tui.engine.gtm.mail.reading.sentences import folded_pattern

    return tuple(re.compile(folded_pattern(text)) for text in (*_ENGLISH, *_OTHERS))

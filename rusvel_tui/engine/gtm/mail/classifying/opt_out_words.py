"""The words of objections in many languages, folded: no accents, no case.

Each pattern is a request or a wish in the first person. It must not hold for a sentence that asks for something else with
the same verb, so the lists are narrow: who is not understood is answered by a person.
"""

from __future__ import annotations

BARE = """
unsubscribe|unsubscribed|stop|stop it|stop this|stop that|stopp|remove|remove me|remove us|remove this address|opt out|opt-out|optout
|take me off|no more|no more mail|no more mails|no more emails|off|leave me alone|go away
|abmelden|abbestellen|austragen|abmeldung|austragung|bitte abmelden|keine mails mehr|keine werbung
|desinscription|desinscrire|desabonner|desabonnement|me desinscrire|me desabonner|arret|arretez|stop svp|retirez-moi
|baja|darme de baja|dar de baja|cancelar suscripcion|desuscribir|desuscribirme|borrar|no enviar mas
|cancellami|cancellazione|disiscrivimi|disiscrizione|rimuovimi|basta
|remover|descadastrar|cancelar inscricao|cancelar assinatura|sair da lista|descadastre-me
|uitschrijven|afmelden|schrijf me uit|meld me af|verwijder mij
|avregistrera|avprenumerera|avmeld|avmelding|meld meg av|afmeld|afmelding|frameld|stopp utsendelse
|peruuta|peruuta tilaus|poista|poista listalta|lopeta
|wypisz|wypisz mnie|rezygnuje|usun|odhlasit|odhlaste me|zrusit odber|leiratkozas|leiratkozom|dezabonare|dezabonati-ma
|отписаться|отпишите меня|отпишите|отписка|удалите меня|стоп|відписатися|відпишіть мене|abonelikten cik|listeden cikar|cikar
|配信停止|配信停止希望|配信停止をお願いします|退会|解除|退订|取消订阅|退訂|取消訂閱|수신거부|구독취소|구독 취소|수신 거부
"""
"""Whole texts that say nothing else."""

_ASK = (
    r"(?:^|[,;-] ?|\b(?:and|so|but|or|please|pls|plz|kindly|just|then|(?:would|could|can|will) you(?: please)?|(?:want|ask|asking|like|need) you to"
    r"|immediately|hereby|must|simply|thanks?|interested|now|hi|hello|sorry) )"
)
_MAILS = r"(?:e-?mails?|mails?|mailings?|messages?|newsletters?|communications?|spam|advertising|advertisements?|marketing)"
_ADDRESS = r"(?:e-?mail|mail|address|name|data|details|contact|info|information|personal|account)"
_ME = rf"(?:me|us|my {_ADDRESS}|our (?:{_ADDRESS}|company|firm|team)|this (?:e-?mail|address|mailbox|account))"
_LISTS = rf"(?:lists?|database|mailings?|distribution|distributor|records|systems?|files|crm|campaigns?|sequence|books|{_MAILS})"
_MORE = r"(?:again|any ?more|any longer|further|in (?:the )?future|ever)"
ENGLISH = (
    rf"{_ASK}(?:remove|delete|erase) {_ME}\b.*\b{_LISTS}\b",
    rf"{_ASK}(?:take|strike|drop|scratch|get) {_ME} (?:off|out of|from)\b",
    rf"{_ASK}(?:remove|delete|erase) {_ME}(?: (?:e-?mail )?address)?(?: (?:please|now|immediately|at once|asap|thanks?|thank you))*$",
    rf"{_ASK}(?:remove|delete|erase) (?:my|our) (?:e-?mail|mail|address|data|details|contact|personal)\b",
    rf"{_ASK}(?:remove|delete) from (?:your|the|this|all|any) .*\b(?:list|lists|mailing|mailings|database)\b",
    rf"{_ASK}unsubscribe(?: (?:me|us|my|this|from (?:this|your|all|any|these|the)|immediately|now|please|thanks?|thank you|asap)\b|$)",
    rf"{_ASK}(?:stop|quit|cease|refrain from) (?:e-?mailing|mailing|writing(?: to)?|contacting|messaging|spamming|bothering|pestering|harassing)(?: (?:me|us|this)\b|$)",
    rf"{_ASK}(?:stop|quit|cease) (?:(?:all|any|further) )*(?:sending|contact|contacts)(?: me| us)?(?:(?: (?:any|these|those|this|your|more|further|such|unsolicited|all))+(?: \w+)?(?: {_MAILS}\b)?| {_MAILS}\b| anything\b| stuff\b)?(?: {_MORE}| please| to me| to us)*$",
    rf"{_ASK}stop (?:all |with )?(?:the|these|those|your|all|this) (?:\w+ )?{_MAILS}\b",
    rf"(?:^|please |kindly |just |and |so |, ?)(?:do not|don'?t|dont|never)(?: ever)? (?:contact|e-?mail|mail|message|write(?: to)?|spam|bother|approach)(?: (?:me|us|this address))?(?:.*\b{_MORE}\b| ?please| ?$)",
    rf"(?:^|please |kindly |and |so |, ?)(?:do not|don'?t|dont|never) send (?:me |us |to this address )?(?:(?:any|more|further|such|these|your|other|of) )*(?:{_MAILS}|anything|stuff|any ?more)\b",
    rf"(?:^|please,? |and |, ?)no (?:more|further) (?:of )?(?:your |these )?(?:\w+ )?{_MAILS}\b",
    rf"\b(?:i|we) (?:really )?(?:do not|don'?t|dont|no longer|never|would not|wouldn'?t) (?:want|wish|like|care|agree|consent) (?:you )?(?:to )?(?:receive|receiving|get|getting|be sent|send me)? ?(?:any|more|further|your|these|this|such)?.*\b(?:{_MAILS}|from you)\b",
    r"\b(?:i|we) (?:do not|don'?t|dont|no longer) (?:want|wish) to (?:hear from you|be (?:contacted|e-?mailed|on (?:this|your)))",
    rf"(?:{_ASK}|\b(?:i|we)(?: would|'d)? (?:want|wish|like|prefer|choose) to )opt (?:me |us )?out\b",
    r"\b(?:i|we)(?: am| are|'m|'re) opting out\b",
    r"\b(?:i|we)(?: would|'d)? (?:want|wish|like|prefer|ask|request|demand) (?:to )?(?:be |get )?(?:unsubscribed?\b|removed\b|taken off|deleted from|off your)",
    r"\bhow (?:do|can|could|may) (?:i|we) (?:unsubscribe|opt out|get off|stop (?:these|your|receiving))(?: (?:from|of|this|these|your|here|please)\b|$|\?)",
    r"\b(?:i|we) (?:hereby )?object to (?:the |any |your )?(?:\w+ )?(?:processing|use|marketing|direct marketing|e-?mails?|contact)",
    r"(?:^|please |just |, )(?:leave (?:me|us) alone|lose my (?:e-?mail|address|number)|get lost|never write again)",
)
OTHERS = (
    # German
    r"\b(?:streich|nehm|nimm|entfern|losch|loesch|trag|meld)\w* (?:sie |du )?(?:bitte )?(?:mich|uns)\b.*(?:verteiler|liste|datenbank|kartei|newsletter|system|\b(?:aus|ab|raus)(?: bitte)?$)",
    r"\b(?:streich|entfern|losch|loesch)\w* (?:sie |du )?(?:bitte )?(?:mich$|(?:meine|unsere|diese) (?:e-?mail|mail|adresse|daten|kontakt))",
    r"(?:^|, |bitte |und )(?:mich|uns|meine|diese) .*(?:verteiler|liste|datenbank|adresse|daten|newsletter)\w* .*(?:streichen|nehmen|entfernen|loschen|loeschen|austragen|abmelden)",
    r"\b(?:schreib|kontaktier|send|schick|mail|belastig)\w* (?:sie |du |ihr )?(?:mir|mich|uns)\b.*(?:nicht mehr|nie wieder|nie mehr|keine\w* (?:weiter\w* )?(?:e-?mails?|mails?|nachrichten|werbung|newsletter)|nichts mehr)",
    r"(?:^|bitte |und |, )(?:mir |uns )?(?:keine|keinerlei) (?:weiter\w* |solche\w* )?(?:e-?mails?|mails?|nachrichten|werbung|newsletter)\b.*(?:mehr|schicken|senden|zusenden|zuschicken|$)",
    r"\b(?:mochte|mochten|wunsche|wunschen|will|wollen) .*(?:keine\w* (?:weiter\w* )?(?:e-?mails?|mails?|nachrichten|werbung|newsletter)|nicht mehr (?:angeschrieben|kontaktiert|belastigt|von ihnen)|(?:abmelden|abgemeldet|ausgetragen|geloscht) ?(?:werden)?$)",
    r"\bbitte (?:um )?(?:abmelden|austragen|abbestellen|abmeldung|austragung|loschung meiner)\b",
    r"\b(?:widerspreche|widersprechen wir|widerspruch)\b.*(?:nutzung|verwendung|verarbeitung|werbung|daten|zusendung|kontakt)",
    r"\bhor\w* (?:sie |bitte )?auf\b.*(?:schreiben|mailen|schicken|senden|kontaktieren|belastigen)", r"\blass\w* (?:sie )?mich in ruhe\b",
    # French
    r"\b(?:retir|supprim|enlev|desinscri|desabonn|effac|radi)\w*[ -](?:moi|nous)\b", r"\b(?:retir|supprim|enlev|effac)\w* (?:mon|mes|notre|cette) (?:adresse|nom|donnees|coordonnees|e-?mail|mail|contact)",
    r"\bme (?:retirer|supprimer|enlever|desinscrire|desabonner|rayer|effacer)\b",
    r"\bne (?:m'|me |nous )?(?:plus |jamais )(?:m'|me |nous )?(?:ecri|envoy|contact|sollicit|recontact)\w+", r"\bne (?:m'|me |nous )?(?:ecri|envoy|contact|sollicit)\w+ (?:plus|jamais)\b", r"\bne pas (?:me|nous) (?:re)?contacter$",
    r"\bne (?:souhaite|veux|voulons|souhaitons|desire)\w* plus (?:recevoir|etre (?:contacte|sollicite)|de vos)\b", r"\b(?:arretez|cessez) de (?:m'|me |nous )(?:ecri|envoy|contact|sollicit|harcel)", r"^(?:merci,? |svp,? )?plus (?:aucun|de) (?:e-?mails?|mails?|messages?|courriels?|publicite)\b",
    r"\bje m'oppose (?:a|au)\b",
    # Spanish
    r"\b(?:elimin|borr|quit|retir|sac|saqu|remuev)\w*(?:me|nos)\b(?:.*(?:lista|base|correos?|envios|boletin|datos)| ?(?:por favor)?$)", r"\b(?:eliminen?|borren?|quiten?|retiren?) (?:mi|mis|nuestro|este) (?:correo|direccion|datos|nombre|e-?mail)",
    r"\b(?:den|deme|denme|darme|darnos|dar|dame|denos) de baja\b", r"\bdesuscrib\w+(?:me|nos)\b", r"\bno (?:me |nos )(?:escrib|envi|contact|mand|molest)\w+(?: .*\b(?:mas|nunca|otra vez)\b| (?:mas|nunca)| (?:correos|mensajes)| ?$)",
    r"\bno (?:quiero|deseo|queremos|deseamos) (?:recibir .*(?:correos?|mensajes?|e-?mails?|publicidad|informacion|nada|comunicaciones)|mas correos|que me (?:escrib|contact))", r"\bdej(?:e|en|a|ad) de (?:escribir|enviar|contactar|mandar|molestar)\w*(?:me|nos)\b", r"\bno (?:enviar|envien?|mandar|manden?) mas (?:correos?|mensajes?|e-?mails?)",
    # Italian
    r"\b(?:cancell|rimuov|elimin|togli|disiscriv)\w*(?:mi|ci|temi|teci)\b(?: (?:da|dal|dalla|dalle|dai|subito|per)\b| ?$)", r"\b(?:mi|ci) (?:cancell|rimuov|elimin|tolg|disiscriv)\w+ (?:dal|dalla|dalle|da)\b", r"\b(?:cancell|rimuov|elimin)\w* (?:il mio|la mia|i miei|questo) (?:indirizzo|e-?mail|nome|dati)",
    r"\bnon (?:mi |ci )?(?:scriv|invi|contatt|mand)\w+ (?:piu|mai piu)\b", r"\bnon (?:scriv|invi|contatt|mand)\w*(?:mi|ci) (?:piu|mai)", r"\bnon (?:desider|vogli)\w* (?:piu )?(?:ricevere .*(?:e-?mail|mail|messaggi|comunicazioni|newsletter)|essere contattat)", r"\bsmett\w+ di (?:scriver|inviar|contattar|mandar)(?:mi|ci)",
    # Portuguese
    r"\b(?:remov|retir|exclu|descadastr|elimin)\w*[- ](?:me|nos)\b(?:.*(?:lista|e-?mails?|base|cadastro|contatos)| ?(?:por favor)?$)", r"\b(?:remov|retir|exclu|elimin)\w* (?:o )?(?:meu|os meus|este) (?:e-?mail|endereco|contato|contacto|dados)", r"\b(?:me|nos) (?:remov|retir|exclu|tir|descadastr)\w+ (?:da|desta|dessa|de)\b",
    r"\bnao (?:me |nos )?(?:envi|escrev|mand|contat|contact)\w+(?:-me|-nos)? (?:mais|nunca mais)\b", r"\bnao (?:quero|desejo|queremos|desejamos) (?:mais )?receber .*(?:e-?mails?|mensagens|comunicacoes|newsletters?|nada)", r"\bpar(?:e|em) de (?:me )?(?:enviar|escrever|mandar|contatar|contactar)",
    # Dutch
    r"\b(?:verwijder|haal|schrap|schrijf|meld)\w* (?:mij|me|ons)\b.*(?:lijst|bestand|database|mailing|\b(?:af|uit)$)", r"\bverwijder (?:mij|me|ons|mijn (?:adres|gegevens|e-?mail)|dit adres)\b", r"\b(?:stuur|mail|schrijf|benader|contacteer)\w* (?:mij|me|ons) (?:(?:niet|nooit) meer|geen (?:e-?mails?|mails?|berichten|reclame))\b", r"\b(?:wil|willen|wens) (?:ik |wij )?(?:geen|niet meer|niet langer)\b.*\b(?:e-?mails?|mails?|berichten|nieuwsbrieven|reclame|benaderd)\b", r"\b(?:ik|wij|we) (?:wil|willen|wens) (?:me|mij|ons) (?:graag )?(?:uitschrijven|afmelden)", r"\bgeen (?:e-?mails?|mails?|berichten) meer\b", r"^uitschrijven\b",
    # Swedish, Norwegian, Danish
    r"\b(?:ta bort|ta|tag|fjern|fjerne|stryk|slett|slette|slet|avregistrera|avmeld|meld|afmeld|frameld) (?:bort |venligst |vennligst )?(?:mig|meg|oss|os)\b.*(?:list|utskick|register|\b(?:av|fra|fran|af)$)", r"\b(?:ta bort|fjern|fjerne|slett|slette|slet) (?:venligst |vennligst )?(?:mig|meg|oss|os|min (?:adress|e-?post|mail)\w*|mine (?:data|oplysninger|opplysninger))(?: .*list\w*)?$",
    r"\b(?:sluta|slutt|stopp|hold op|stop med) (?:med )?(?:att |a |at )?(?:skicka|skriva|maila|mejla|kontakta|sende|send|skrive|kontakte)\w*", r"\b(?:skicka|send|skriv|kontakta|kontakt)\w* (?:ikke|inte|aldrig|aldri)? ?(?:mig|meg|oss|os|til meg|til mig|till mig)? ?(?:inte|ikke|aldrig|aldri|inga|ingen)? ?(?:fler|flere|mer|mere|igen|igjen)\b.*(?:mig|meg|oss|os|mejl|mails?|e-?post\w*|meldinger|igen|igjen|mer|mere)", r"\bikke (?:send|skriv|kontakt)\w* .*(?:flere|mer|mere|igjen|igen)\b", r"\b(?:onsker|onskar|vil|vill) (?:jag |jeg |vi )?(?:ikke|inte) .*(?:e-?post|epost|mejl|mails?|utskick|meldinger|henvendelser|nyhetsbrev|nyhedsbrev)", r"\b(?:inga|ingen) (?:fler|flere) (?:mejl|mails?|e-?post\w*|meldinger|utskick)",
    # Finnish
    r"\b(?:poista\w*|ota\w*) (?:minut|meidat|osoitteeni|tietoni|sahkopostini)\b", r"\b(?:ala|alkaa) (?:enaa )?(?:lahett|lahet|kirjoit|ota yhteytta)\w* .*(?:enaa|minulle)|\b(?:ala|alkaa) enaa\b", r"\ben halua (?:enaa )?.*(?:viestej|posti|sahkoposti)",
    # Polish, Czech, Slovak, Hungarian, Romanian
    r"\b(?:wypisa|wypisz|usun|wykresl|skresl)\w* (?:prosze )?(?:mnie|nas|moj (?:adres|e-?mail)|moje dane)\b", r"\bprosze (?:o )?(?:mnie |nas )?(?:wypisa|usuni|wykresl)\w+", r"\b(?:prosze )?(?:wiecej|nigdy wiecej|juz) .*nie (?:pisa|wysyla|przysyla|kontaktowa)\w*", r"\bnie (?:pisa|pisz|wysyla|wysylaj|przysyla|kontaktowa|kontaktuj)\w* .*(?:wiecej|juz)\b", r"\bnie (?:chce|zycze|zyczymy|chcemy) (?:sobie )?(?:wiecej |juz )?(?:otrzymyw|dostaw|wiadomosci|maili)",
    r"\b(?:odhlas|vyrad|vymaz|odstran|smaz)\w* (?:mne|me|nas|moji adresu|muj e-?mail|moju adresu)\b", r"\buz (?:mi |nam |me )?(?:nikdy )?ne(?:pis|posil|zasil|kontaktuj)\w*|\bne(?:pis|posil|zasil|kontaktuj)\w* (?:mi |nam |me )?(?:uz|vice|dal|nikdy)\b", r"\bneprej\w+ si (?:uz )?(?:dosta|zasil)", r"\b(?:torolj\w*|vegyen\w*|vegyenek) (?:ki )?(?:engem|a cimem|a listarol|minket)", r"\bne (?:irjon|irjanak|kuldjon|kuldjenek|keressen)\w* .*(?:tobb|tobbet)|\btobb\w* ne (?:irjon|kuldjon|keressen)", r"\b(?:sa )?(?:ma|ne) (?:stergeti|dezabonati|scoateti|eliminati)\b|\b(?:stergeti|dezabonati|scoateti)-(?:ma|ne)\b", r"\bnu (?:imi|ne|ma) mai (?:scrie|trimite|contacta)\w*",
    # Russian, Ukrainian, Turkish, Greek
    r"(?:отпишите|удалите|уберите|исключите) (?:пожалуиста,? )?(?:меня|нас|мои адрес|мои данные|этот адрес)", r"больше (?:мне |нам |меня )?не (?:пишите|присылаите|отправляите|беспокоите|шлите)|не (?:пишите|присылаите|отправляите|беспокоите|шлите) .*больше|не (?:пишите|беспокоите) (?:мне|нам|меня)$", r"(?:не хочу|не желаю) (?:больше )?(?:получать .*(?:пис|рассыл|сообщ)|чтобы вы)", r"прошу (?:меня |нас )?(?:отписать|удалить меня|исключить|больше не|не писать мне)", r"(?:в[іi]дпиш[іi]ть|видал[іi]ть) (?:мене|нас)|не пиш[іi]ть мен[іi]",
    r"\b(?:beni|bizi|adresimi|mailimi) .*(?:listeden|listenizden|kayitlardan).*(?:cikar|sil)\w*", r"\b(?:bana|bize) (?:bir daha|artik) .*(?:yazma|gonderme|atma)\w*|\b(?:bana|bize) (?:bir daha|artik) (?:mail|e-?posta)", r"(?:διαγραψτε|αφαιρεστε) (?:με|μας)\b|μη(?:ν)? μου (?:ξανα)(?:στειλετε|γραψετε)",
    # Japanese, Chinese, Korean
    r"配信(?:を|の)?(?:停止|中止|解除)(?!.*(?:機能|できますか|方法は))", r"(?:リスト|名簿)から(?:削除|外して|除外)", r"(?:今後|もう)(?:の|、|は)?(?:メール|連絡|ご連絡|案内|ご案内).*(?:不要|送らないで|しないで|お断り|お控え|控えて)", r"メールを?(?:送らないで|送信しないで)",
    r"(?:不要|别|勿|別)再(?:给我|給我|向我)?(?:发|發|寄|联系|聯繫|发送|發送)|(?:不要|别|勿|別)(?:给我|給我)?(?:发|發|寄).*(?:邮件|郵件|信息|广告|廣告)", r"(?:请|請)?(?:把|将|將)我.*(?:删除|刪除|移除|移出|去掉)", r"(?:请|請)(?:帮我)?(?:退订|取消订阅|退訂|取消訂閱)", r"(?:수신|구독)(?:을)? ?(?:거부|취소|해지)(?:를|을)? ?(?:해|하|합|부탁|요청|바랍)", r"(?:더 ?이상|다시는) .*(?:메일|연락|이메일).*(?:마세요|말아|않)",
)  # fmt: skip
HARMLESS = (
    r"waiting ?list|guest ?list|price ?list|parts ?list|to-?do|shopping list|wait ?list|warteliste|preisliste|stuckliste|liste d'attente|lista de espera"
    r"|\b(?:until|before|till) (?:next|the|then|mon|tue|wed|thu|fri|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|\d)"
    r"|(?:^|\b)(?:if|wenn|falls|si|se|als|jos|jesli|если) (?:your|the|a|our|customers?|someone|somebody|people|users?|they|kunden|jemand|un client|un cliente)\b"
    r"|\bby (?:post|phone|fax|whatsapp)\b|\bas pdf\b|\bon paper\b|\bpaper\b|\battach"
    r"|\b(?:do not|don'?t|dont|didn'?t|did not|never|not) (?:want to |mean to |wish to |have to |need to |going to )?(?:unsubscribe|remove|delete|opt out|take me off)\b"
)
"""What says that the sentence is about something else."""

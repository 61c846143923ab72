"""Words of people and of machines in many languages, in the forms that mail programs give them; all of our own making."""

from __future__ import annotations

OBJECTIONS = (
    "Please remove me from your mailing list.", "Unsubscribe", "unsubscribe please", "STOP.", "Stop!", "Take me off your list.",
    "Not interested, take me off.", "Could you please take me off this list? Thanks, Jo", "Please stop emailing me.", "Stop sending me these emails.",
    "Do not contact me again.", "Don't write to me anymore.", "I do not wish to receive any further emails from you.", "I'd like to be removed from your database.",
    "Please delete my data.", "Remove my address from your records, please.", "No more emails please", "I want to unsubscribe.", "Hi Ada,\n\nplease unsubscribe me.\n\nBest\nJo",
    "Please opt me out.", "How do I unsubscribe?", "I object to the processing of my personal data.", "Never email me again", "Leave me alone.", "Kindly refrain from contacting me in the future.",
    "We no longer want to receive your newsletters.", "please cease all further contact", "Remove", "Hello,\n\nI never signed up for this. Remove me immediately.\n\nRegards,\nJo",
    "Bitte löschen Sie meine Daten.", "Bitte nehmen Sie mich aus dem Verteiler.", "Bitte keine weiteren Mails mehr.", "Abmelden", "Ich möchte keine weiteren E-Mails von Ihnen erhalten.",
    "Schreiben Sie mir bitte nicht mehr.", "Bitte tragen Sie mich aus.", "Ich widerspreche der Nutzung meiner Daten zu Werbezwecken.", "Hören Sie auf, mir zu schreiben!", "Kein Interesse. Bitte entfernen Sie mich aus Ihrer Liste.",
    "Merci de ne plus m'écrire.", "Désinscription", "Veuillez me désinscrire de votre liste.", "Retirez-moi de votre liste, s'il vous plaît.", "Ne me contactez plus.", "Je ne souhaite plus recevoir vos messages.",
    "Por favor, elimíneme de su lista.", "Darme de baja", "No me escriban más.", "No deseo recibir más correos.", "Quiero darme de baja de esta lista.",
    "Per favore cancellatemi dalla vostra lista.", "Non scrivetemi più.", "Non desidero più ricevere le vostre email.", "Por favor, remova-me da sua lista.", "Não quero mais receber os seus e-mails.", "Descadastrar",
    "Graag uitschrijven.", "Verwijder mij uit uw bestand.", "Stuur mij geen e-mails meer.", "Ik wil geen mails meer ontvangen.", "Ta bort mig från er lista.", "Jag vill inte ha fler mejl.", "Vennligst fjern meg fra listen.",
    "Ikke send meg flere e-poster.", "Fjern mig venligst fra jeres liste.", "Send ikke flere mails til mig.", "Poistakaa minut listaltanne.", "Proszę mnie wypisać z listy.", "Proszę więcej do mnie nie pisać.", "Odhlaste mě prosím.",
    "Už mi nepište.", "Отпишите меня, пожалуйста.", "Больше не пишите мне.", "Beni listeden çıkarın.", "配信停止をお願いします。", "今後のメールは不要です。", "请不要再给我发邮件。", "退订", "수신거부 부탁드립니다.", "더 이상 메일 보내지 마세요.",
)  # fmt: skip

ANSWERS = (
    "Not interested.", "Not now, thanks.", "Ask me next year.", "No thank you.", "Maybe in spring.", "We already have a tool for that.", "Too expensive for us.", "Stop by on Friday, we are in all day.",
    "How do your customers unsubscribe from their newsletters with your tool?", "Could you remove the old supplier from our parts list in the demo?", "Our people stop counting at five, would that work?",
    "Yes! Send me the details.", "Please don't remove me, I like reading this.", "Please send me no more than one page.", "I will be on leave next week, call me after that.", "Could you take us off the waiting list and start on Monday?",
    "Do not send me the contract before the 5th.", "Don't contact me by phone, mail is better.", "I deleted your last mail by accident. Please send it again.", "Delete the second line of the offer and we have a deal.", "Cancel the meeting on Tuesday, Thursday suits me better.",
    "We have received your message and I will come back to you tomorrow. Jo", "I am out of the office on Friday, shall we talk on Monday?", "I am on holiday until 3 March. Can we talk after that?", "Thanks for your mail. I am travelling this week, let's talk on Monday.",
    "Kein Interesse.", "Im Moment nicht, fragen Sie im Herbst noch einmal.", "Wir melden uns.", "Wie kann man sich bei Ihrem Werkzeug abmelden?", "Ich bin nächste Woche im Urlaub, danach gerne.", "Bitte schicken Sie mir keine Preisliste, sondern ein Angebot.",
    "Pas maintenant, merci.", "Nous n'avons plus de budget cette année.", "Je suis en congé la semaine prochaine, appelez-moi après ?", "Combien coûte l'abonnement ?", "Ahora no, gracias.", "No tenemos presupuesto.", "Escríbame en enero.", "Non adesso, grazie.", "Agora não, obrigado.",
    "Nu even niet.", "Inte just nu.", "Ikke nå, takk.", "Nie teraz, dziękuję.", "Сейчас не интересно.", "今は必要ありません。来年またご連絡ください。", "现在不需要，谢谢。", "지금은 괜찮습니다.", "ok", "👍", "Sounds good, Tuesday?", "The newsletter module is what we need most.", "I unsubscribed from a competitor last week, so good timing.",
    "Schrijf me gerust in januari.", "You can take mine.", "Drop me a line with the list of features.", "Get us a list of references, please.", "Take me through your list of features on Monday.",
    "Melden Sie sich ab 10 Uhr bei uns.", "Supprimez cette ligne du devis et c'est bon.", "Ne nous envoyez pas le contrat avant lundi.", "No quiero recibir facturas en papel, ¿es posible?", "Neposílejte mi prosím smlouvu před pátkem.",
    "Не присылайте договор до пятницы.", "请不要发合同，先打电话。", "Don't send any goods before we have paid.", "Ta meg med på møtet på torsdag.", "Cancel my subscription to the trial and start the paid plan.", "Nie wysyłaj mi umowy przed piątkiem.",
    "Stop sending quotes in dollars, euros please.", "We do not want to receive the offers in dollars.", "Do not send more than five units.", "Nehmen Sie uns bitte in den Kalender auf.", "Wir möchten keine Papierrechnungen mehr.",
    "Do you remove duplicates from lists?", "We want to stop sending paper invoices. Can your tool do that?",
)  # fmt: skip

ABSENCES = (
    # subject, text, the day of return for a mail of Friday, 18 September 2026
    ("Automatic reply: Looms", "I am out of the office until Monday, 5 October 2026.", "2026-10-05"),
    ("Out of Office Re: Looms", "Thank you for your email. I will be back in the office on October 12th.", "2026-10-12"),
    ("Auto-Reply: Looms", "I'm away and returning Wednesday.", "2026-09-23"),
    ("Autoreply: Looms", "I am on annual leave from 14 September to 2 October inclusive, returning on 5 October.", "2026-10-05"),
    ("Automatic reply: Looms", "I am away up to and including 30 September.", "2026-10-01"),
    ("Automatic reply: Looms", "On vacation through October 9, 2026. Urgent matters: desk@firm.example.", "2026-10-10"),
    ("Automatic reply: Looms", "I am currently on parental leave.", None),
    ("Automatic reply: Looms", "I left the company on 31 August 2026.", None),
    ("Automatic reply: Looms", "My first day back is 1 October.", "2026-10-01"),
    ("Automatic reply: Looms", "Out until 2026-11-02.", "2026-11-02"),
    ("Automatic reply: Looms", "I will be back on the 28th.", "2026-09-28"),
    ("Automatic reply: Looms", "I will return tomorrow.", "2026-09-19"),
    ("Automatic reply: Looms", "I am out of office and will be back on 3 January.", "2027-01-03"),
    ("Abwesenheitsnotiz: Looms", "Ich bin bis einschließlich 2. Oktober im Urlaub.", "2026-10-03"),
    ("Automatische Antwort: Looms", "Ich bin ab Montag, den 28. September 2026, wieder im Büro.", "2026-09-28"),
    ("Abwesenheit: Looms", "Ich bin vom 14.09. bis zum 25.09.2026 nicht im Haus. Ab 28.09.2026 bin ich wieder für Sie da.", "2026-09-28"),
    ("Automatische Antwort: Looms", "Am Mittwoch bin ich zurück.", "2026-09-23"),
    ("Réponse automatique : Looms", "Je suis en congés jusqu'au 2 octobre inclus.", "2026-10-03"),
    ("Absence du bureau : Looms", "De retour le lundi 28/09/2026.", "2026-09-28"),
    ("Respuesta automática: Looms", "Estaré de vacaciones hasta el 1 de octubre. Regreso el 2 de octubre.", "2026-10-02"),
    ("Risposta automatica: Looms", "Sono in ferie. Rientrerò il 28 settembre 2026.", "2026-09-28"),
    ("Resposta automática: Looms", "Estou de férias e regresso no dia 5 de outubro de 2026.", "2026-10-05"),
    ("Automatisch antwoord: Looms", "Ik ben afwezig t/m 2 oktober 2026.", "2026-10-03"),
    ("Afwezig: Looms", "Maandag 28 september ben ik weer terug.", "2026-09-28"),
    ("Autosvar: Looms", "Jag är på semester och är tillbaka den 5 oktober.", "2026-10-05"),
    ("Frånvaromeddelande: Looms", "Jag är ledig till och med 2 oktober 2026.", "2026-10-03"),
    ("Fravær: Looms", "Jeg er tilbage mandag den 28. september.", "2026-09-28"),
    ("Automatisk svar: Looms", "Jeg er bortreist til og med 2. oktober.", "2026-10-03"),
    ("Automaattinen vastaus: Looms", "Olen lomalla. Palaan 28.9.2026.", "2026-09-28"),
    ("Automatyczna odpowiedź: Looms", "Jestem na urlopie. Wracam 28 września 2026.", "2026-09-28"),
    ("Automatická odpověď: Looms", "Jsem mimo kancelář, vrátím se 28. září 2026.", "2026-09-28"),
    ("Автоответ: Looms", "Я в отпуске, вернусь 28 сентября 2026 г.", "2026-09-28"),
    ("Otomatik yanıt: Looms", "Ofis dışındayım. 28 Eylül'de döneceğim.", "2026-09-28"),
    ("自動返信: Looms", "9月28日まで不在にしております。29日より出社いたします。", "2026-09-29"),
    ("自动回复: Looms", "我正在休假，将于9月28日返回。", "2026-09-28"),
    ("자동 회신: Looms", "휴가 중입니다. 9월 28일에 복귀합니다.", "2026-09-28"),
    ("[Auto-Reply] Looms", "Back on Tuesday.", "2026-09-22"),
    ("OOO: Looms", "OOO until 1 Oct.", "2026-10-01"),
)  # fmt: skip

NOTICES_WITHOUT_ANY_MARK = (
    "I am out of the office until 5 October with limited access to email. In urgent cases please contact Sam.",
    "Thank you for your message.\n\nI am currently on annual leave and will reply when I return on 5 October.",
    "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Ich bin bis zum 2. Oktober nicht im Büro. In dringenden Fällen wenden Sie sich bitte an Sam.",
    "Bonjour,\n\nje suis actuellement absente du bureau. En cas d'urgence, merci de contacter Sam.",
    "Estoy fuera de la oficina hasta el 2 de octubre. Para asuntos urgentes, contacte con Sam.",
    "Ik ben met vakantie tot 5 oktober. Voor dringende zaken kunt u contact opnemen met Sam.",
    "Jag är på semester och är tillbaka 5 oktober. Vid brådskande ärenden, kontakta Sam.",
    "Sono fuori ufficio fino al 2 ottobre. Per urgenze contattare Sam.",
)  # fmt: skip

ROBOTS = (
    ("[Case #99812] We have received your request", "Thank you for contacting us. Your request has been received and assigned case 99812."),
    ("Re: Looms", "This is an automated message. Your enquiry has reached us."),
    ("Ihre Anfrage ist eingegangen [Ticket 4711-22]", "Wir haben Ihre Nachricht erhalten und unter der Nummer 4711-22 erfasst."),
    ("Votre demande 88213 a bien été enregistrée", "Nous avons bien reçu votre message. Numéro de dossier : 88213"),
    ("Re: Looms", "Diese E-Mail wurde automatisch erstellt. Bitte antworten Sie nicht darauf."),
    ("Ticket created - SUP-1204", "Hi, a ticket SUP-1204 has been created for your message. We will be in touch."),
)  # fmt: skip

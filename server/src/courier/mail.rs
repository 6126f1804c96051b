//! Sends e-mail by SMTP. Without a host in the settings nothing is sent.

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, Tls, TlsParameters},
    },
};
use secrecy::ExposeSecret;

use super::Undelivered;
use crate::{
    clock::Timestamp,
    config::{Mail, MailTls},
};

/// A letter, ready to go.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Address of the reader.
    pub to: String,
    /// Name of the message for ever: the same at every try, so that a mailbox can tell a copy.
    pub id: String,
    /// First line.
    pub subject: String,
    /// Text.
    pub body: String,
    /// When this try is made.
    pub at: Timestamp,
}

/// The way to the mail server.
#[derive(Clone)]
pub struct Postman {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    domain: String,
}

/// Whether a text can be an e-mail address.
#[must_use]
pub fn is_address(text: &str) -> bool {
    text.len() <= 254 && text.parse::<Address>().is_ok()
}

impl Postman {
    /// From the settings; `None` when no mail server is set.
    pub fn new(mail: &Mail, patience: Duration) -> Result<Option<Self>, String> {
        if mail.host.is_empty() {
            return Ok(None);
        }
        let from: Mailbox = mail
            .from
            .parse()
            .map_err(|_| "mail.from needs an address: 企业码 <qiyema@example.cn>".to_owned())?;
        let domain = from.email.domain().to_owned();
        let own = authorities(&mail.ca_file)?;
        let parameters = || {
            let builder = TlsParameters::builder(mail.host.clone());
            let trusting = match &own {
                Some(own) => builder.add_root_certificate(own.clone()),
                None => builder,
            };
            trusting.build().map_err(|_| "mail.host is not a host".to_owned())
        };
        let tls = match mail.tls {
            MailTls::None => Tls::None,
            MailTls::Starttls => Tls::Required(parameters()?),
            MailTls::Tls => Tls::Wrapper(parameters()?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&mail.host)
            .port(mail.port)
            .tls(tls)
            .timeout(Some(patience));
        if !mail.username.is_empty() {
            let password = mail.password.expose_secret().to_owned();
            builder = builder.credentials(Credentials::new(mail.username.clone(), password));
        }
        Ok(Some(Self { transport: builder.build(), from, domain }))
    }

    /// Sends one letter.
    pub async fn send(&self, letter: &Letter) -> Result<(), Undelivered> {
        let to: Address = letter.to.parse().map_err(|_| Undelivered::Malformed)?;
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject.clone())
            .date(letter.at.into())
            .message_id(Some(format!("<{}@{}>", letter.id, self.domain)))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body.clone())
            .map_err(|_| Undelivered::Malformed)?;
        match self.transport.send(message).await {
            Ok(_) => Ok(()),
            Err(error) => Err(error.status().map_or(Undelivered::Unreachable, |code| {
                let digits = code.to_string().parse().unwrap_or_default();
                Undelivered::Answered(digits)
            })),
        }
    }
}

/// The certificates of a PEM file; `None` without one.
fn authorities(file: &str) -> Result<Option<Certificate>, String> {
    if file.is_empty() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(file).map_err(|error| format!("mail.ca_file {file}: {error}"))?;
    let read = Certificate::from_pem(text.as_bytes());
    // A file without any is read as none, and would trust nobody without a word.
    let some = text.contains("-----BEGIN CERTIFICATE-----");
    read.ok().filter(|_| some).map(Some).ok_or_else(|| format!("mail.ca_file {file} holds no certificate"))
}

#[cfg(test)]
mod tests {
    use super::is_address;

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        assert!(is_address("chen@huzhou.gov.cn") && is_address("a.b+c@x.cn"));
        for bad in ["", "chen", "chen@", "@x.cn", "a b@x.cn", "a@x.cn\r\nBcc: b@x.cn"] {
            assert!(!is_address(bad), "{bad:?}");
        }
    }
}

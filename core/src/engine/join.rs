//! Joining a campaign that has a server: an invitation, taken now and redeemed by the next sync.

use crate::engine::Engine;
use crate::engine::error::Error;
use crate::id::{CampaignId, CanvasserId, DeviceId};
use crate::store::{Identity, ServerLink};
use crate::time::Timestamp;

/// Bytes of the secret in an invitation.
const INVITATION_BYTES: usize = 16;

impl Engine {
    /// Takes an invitation (the link or the text of its QR code, `https://host/j/<code>`); the
    /// next sync redeems it.
    ///
    /// For a directory that belongs to no campaign, or to this very one: a phone that the server
    /// no longer knows (its token was lost or shut out) goes on with all that it holds. The
    /// address must be `https`, except for this very machine.
    pub fn join(&self, invitation: &str) -> Result<(), Error> {
        let server = server_of(invitation)?;
        let opened = self.opened()?;
        let mut main = opened.main();
        if let Some(identity) = main.identity.clone().filter(|i| i.campaign != no_campaign()) {
            let known = identity.server.as_ref().ok_or(Error::AlreadyInCampaign)?;
            let server = ServerLink { token: known.token.clone(), ..server };
            main.put(Identity { server: Some(server), ..identity })?;
            drop(main);
            self.listeners.tell(None, None);
            return Ok(());
        }
        let device = match &main.identity {
            Some(identity) => identity.device,
            None => {
                let mut bytes = [0; 16];
                self.ports.ids.fill(&mut bytes);
                DeviceId::derive(&[&bytes])
            }
        };
        main.put(Identity {
            campaign: no_campaign(),
            campaign_name: String::new(),
            device,
            incarnation: 1,
            canvasser: CanvasserId::from_bytes([0; 16]),
            canvasser_name: String::new(),
            organiser: false,
            server: Some(server),
            acked_seq: 0,
            attempts: 0,
            next_sync: Timestamp::default(),
            last_sync: None,
            keys: None,
        })?;
        drop(main);
        self.listeners.tell(None, None);
        Ok(())
    }
}

/// What stands for the campaign between taking an invitation and redeeming it.
pub(super) fn no_campaign() -> CampaignId {
    CampaignId::from_bytes([0; 16])
}

fn server_of(invitation: &str) -> Result<ServerLink, Error> {
    let (url, code) = invitation.trim().rsplit_once("/j/").ok_or(Error::BadInvitation)?;
    let url = protected_form(url);
    let secret = from_hex(code).filter(|bytes| bytes.len() == INVITATION_BYTES);
    let secret = secret.ok_or(Error::BadInvitation)?;
    if !is_protected(&url)? {
        return Err(Error::InsecureServer);
    }
    Ok(ServerLink { url, token: None, invitation: Some(secret) })
}

/// A link by which a phone opens an app, as the address that it stands for.
fn protected_form(url: &str) -> String {
    match url.strip_prefix("canvass://") {
        Some(rest) => format!("https://{rest}"),
        None => url.to_owned(),
    }
}

/// Whether nobody on the way can read along: TLS, or this very machine.
fn is_protected(url: &str) -> Result<bool, Error> {
    let (scheme, rest) = url.split_once("://").ok_or(Error::BadInvitation)?;
    let authority = rest.split('/').next().unwrap_or_default();
    if authority.is_empty() || authority.contains('@') {
        return Err(Error::BadInvitation);
    }
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    match scheme {
        "https" => Ok(true),
        "http" => Ok(matches!(host, "localhost" | "127.0.0.1" | "::1")),
        _ => Err(Error::BadInvitation),
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = "00112233445566778899aabbccddeeff";

    #[test]
    fn an_invitation_names_a_protected_server() {
        let server = server_of(&format!("https://example.org/canvass/j/{CODE}")).expect("a link");
        assert_eq!(server.url, "https://example.org/canvass");
        assert_eq!(server.invitation.map(|secret| secret[1]), Some(0x11));
        let link =
            server_of(&format!(" canvass://example.org/canvass/j/{CODE}\n")).expect("a link");
        assert_eq!(link.url, server.url);
        for local in ["http://127.0.0.1:8080", "http://localhost", "http://[::1]:80"] {
            assert!(server_of(&format!("{local}/j/{CODE}")).is_ok(), "{local}");
        }
    }

    #[test]
    fn what_is_not_an_invitation_is_refused() {
        for text in ["", "hello", "https://example.org/j/12", "ftp://h/j/", "https:///j/"] {
            assert!(matches!(server_of(text), Err(Error::BadInvitation)), "{text}");
        }
        for insecure in
            ["http://example.org", "http://127.0.0.1.example.org", "http://localhost.evil:80"]
        {
            let link = format!("{insecure}/j/{CODE}");
            assert!(matches!(server_of(&link), Err(Error::InsecureServer)), "{link}");
        }
        let sly = format!("http://127.0.0.1@evil.example/j/{CODE}");
        assert!(matches!(server_of(&sly), Err(Error::BadInvitation)));
    }
}

//! A device that proves the PIN, and the facts of a code as a token.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Body of `POST /api/v1/scans/{seal}/devices`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewDevice {
    /// The enterprise's PIN: 6 to 12 digits.
    #[cfg_attr(feature = "openapi", schema(min_length = 6, max_length = 12, pattern = "^[0-9]+$"))]
    pub pin: String,
}

/// A device that proved the PIN (201). Send `token` as `Authorization: Bearer …`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Device {
    /// Opaque token (43 base64url characters); shown once.
    pub token: String,
    /// Until when it is remembered.
    pub expires_at: DateTime<Utc>,
}

/// Answer of `GET /api/v1/codes/{seal}/jwt`: the facts of the seal as a JWT.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeJwt {
    /// Compact EdDSA JWT: `iss` host, `sub` code id, `name`, `iat`.
    pub jwt: String,
}

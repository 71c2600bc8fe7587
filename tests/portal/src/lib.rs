//! A local stand-in for a Bitrix24 portal.

//! A request as a query string. Separate because it is the one place where escaping happens.

use serde_json::Value;

/// `?a=1&b=x` from an object of plain values; what is absent or null is left out.
pub fn from_value(value: &Value) -> String {
    let Value::Object(fields) = value else { return String::new() };
    let pairs = fields.iter().filter_map(|(name, value)| {
        let value = match value {
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Some(format!("{name}={}", escape(&value)))
    });
    let joined = pairs.collect::<Vec<_>>().join("&");
    if joined.is_empty() { joined } else { format!("?{joined}") }
}

/// Percent-encodes everything but what RFC 3986 leaves unreserved.
pub fn escape(text: &str) -> String {
    use std::fmt::Write as _;
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            escaped.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(escaped, "%{byte:02X}");
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_absent_is_left_out() {
        assert_eq!(from_value(&json!({ "after": 3, "cursor": null })), "?after=3");
        assert_eq!(from_value(&json!({})), "");
    }

    #[test]
    fn a_value_cannot_break_out_of_its_place() {
        assert_eq!(from_value(&json!({ "q": "a&b=c ñ" })), "?q=a%26b%3Dc%20%C3%B1");
    }
}

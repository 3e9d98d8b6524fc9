//! How well one colour is told from another (WCAG 2.2, relative luminance).

/// The contrast of two colours: from 1, none, to 21, black on white.
pub fn ratio(a: [u8; 3], b: [u8; 3]) -> f64 {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |[red, green, blue]: [u8; 3]| 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    let (one, two) = (luminance(a) + 0.05, luminance(b) + 0.05);
    if one > two { one / two } else { two / one }
}

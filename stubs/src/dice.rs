//! Chance that can be repeated: a small generator, and the hash that seeds it.

use sha2::{Digest, Sha256};

/// SplitMix64: the same seed gives the same throws on every machine.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub const fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// 0 to `n` − 1; 0 when there is nothing to choose from.
    pub const fn below(&mut self, n: usize) -> usize {
        if n == 0 { 0 } else { (self.throw() % n as u64) as usize }
    }

    /// Both ends included.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = (i128::from(high) - i128::from(low)).max(0) + 1;
        (i128::from(low) + i128::from(self.throw()) % span) as i64
    }

    pub fn chance(&mut self, share: f64) -> bool {
        ((self.throw() >> 11) as f64) / ((1_u64 << 53) as f64) < share
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// The first eight bytes of a SHA-256 over the parts, each with its length in front.
pub fn hash(parts: &[&[u8]]) -> u64 {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_le_bytes());
        sha.update(part);
    }
    sha.finalize().iter().take(8).fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
}

/// An id as the services write them: a prefix and `length` letters and digits.
pub fn id(prefix: &str, seed: u64, length: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz0123456789";
    let mut dice = Dice::new(seed);
    let mut text = prefix.to_owned();
    for _ in 0..length {
        text.push(char::from(LETTERS[dice.below(LETTERS.len())]));
    }
    text
}

//! Chance that can be repeated: a small generator, and the hash that seeds it.

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

/// A hash of the parts, each with its length in front; the same on every machine. It tells requests apart and keeps no
/// secret: a cryptographic one took two thirds of a call's time.
pub fn hash(parts: &[&[u8]]) -> u64 {
    let mut sum = 0;
    for part in parts {
        sum = stir(sum, part.len() as u64);
        let (words, rest) = part.as_chunks::<8>();
        for word in words {
            sum = stir(sum, u64::from_le_bytes(*word));
        }
        sum = rest.iter().fold(sum, |sum, byte| stir(sum, u64::from(*byte)));
    }
    Dice::new(sum).throw()
}

const fn stir(sum: u64, word: u64) -> u64 {
    let mixed = (sum ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed ^ (mixed >> 32)
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{Dice, hash};

    #[test]
    fn every_part_and_every_place_counts() {
        let base = b"instructions, facts and a schema: forty bytes".to_vec();
        let mut seen = HashSet::from([hash(&[&base]), hash(&[&base[..9], &base[9..]]), hash(&[&base, b""])]);
        for place in 0..base.len() {
            for bit in 0..8 {
                let mut other = base.clone();
                other[place] ^= 1 << bit;
                assert!(seen.insert(hash(&[&other])), "bit {bit} of byte {place}");
            }
        }
        assert_eq!(hash(&[b"the same"]), hash(&[b"the same"]));
    }

    #[test]
    fn hashes_of_neighbours_are_fair_dice() {
        let struck = (0..10_000_u64).filter(|n| Dice::new(hash(&[&n.to_le_bytes()])).chance(0.1)).count();
        assert!((850..1_150).contains(&struck), "{struck} of 10000 at a tenth");
    }
}

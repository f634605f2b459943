//! A map with a bound: the oldest entry leaves when a new one finds the shelf full.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;

#[derive(Debug)]
pub struct Shelf<K, V> {
    entries: HashMap<K, V>,
    order: VecDeque<K>,
    room: usize,
    dropped: u64,
}

impl<K: Eq + Hash + Clone, V> Shelf<K, V> {
    pub fn new(room: usize) -> Self {
        Self { entries: HashMap::new(), order: VecDeque::new(), room: room.max(1), dropped: 0 }
    }

    pub fn get(&self, key: &K) -> Option<&V> {
        self.entries.get(key)
    }

    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        self.entries.get_mut(key)
    }

    /// Puts a new value or replaces one in its place.
    pub fn put(&mut self, key: K, value: V) {
        if self.entries.insert(key.clone(), value).is_none() {
            self.order.push_back(key);
            if self.order.len() > self.room {
                self.drop_oldest();
            }
        }
    }

    pub fn remove(&mut self, key: &K) -> Option<V> {
        let value = self.entries.remove(key)?;
        self.order.retain(|kept| kept != key);
        Some(value)
    }

    pub fn drop_oldest(&mut self) -> Option<V> {
        let oldest = self.order.pop_front()?;
        self.dropped += 1;
        self.entries.remove(&oldest)
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (&K, &V)> {
        self.order.iter().filter_map(|key| Some((key, self.entries.get(key)?)))
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How many entries had to leave for want of room.
    pub const fn dropped(&self) -> u64 {
        self.dropped
    }

    pub fn clear(&mut self) {
        self.entries.clear();
        self.order.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::Shelf;

    #[test]
    fn the_oldest_leaves_a_full_shelf_and_a_replacement_moves_nobody() {
        let mut shelf = Shelf::new(2);
        shelf.put("a", 1);
        shelf.put("b", 2);
        shelf.put("a", 3);
        assert_eq!((shelf.get(&"a"), shelf.len(), shelf.dropped()), (Some(&3), 2, 0));
        shelf.put("c", 4);
        assert_eq!((shelf.get(&"a"), shelf.get(&"b"), shelf.len(), shelf.dropped()), (None, Some(&2), 2, 1));
        assert_eq!(shelf.remove(&"b"), Some(2));
        assert_eq!(shelf.iter().map(|(key, _)| *key).collect::<Vec<_>>(), ["c"]);
    }
}

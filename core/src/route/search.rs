//! Lin-Kernighan style local search.
use super::random::Random;
use super::tour::{Exchange, MAX_EDGES, Tour};

pub(super) trait Metric {
    fn between(&self, a: u32, b: u32) -> i64;
}

/// Candidate neighbours of every node with the cost to each, nearest first.
pub(super) struct Neighbours {
    pub(super) start: Vec<u32>,
    pub(super) list: Vec<(u32, i32)>,
}

impl Neighbours {
    #[inline]
    fn of(&self, node: u32) -> &[(u32, i32)] {
        &self.list[self.start[node as usize] as usize..self.start[node as usize + 1] as usize]
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Knobs {
    pub breadth: [usize; MAX_EDGES],
    pub depth: usize,
    /// from this level on only valid intermediates
    pub loose: usize,
    pub window: u32,
    pub walk: u32,
    pub rounds: usize,
    pub floor: i64,
    pub horizon: f64,
    pub current: bool,
    pub share: u32,
    pub temperature: f64,
}

pub(super) struct Search<'a, M> {
    pub(super) metric: &'a M,
    pub(super) neighbours: &'a Neighbours,
    pub(super) fixed: &'a [[u32; 2]],
    pub(super) tour: Tour,
    pub(super) knobs: Knobs,
    queue: std::collections::VecDeque<u32>,
    queued: Vec<bool>,
    exchange: Exchange,
    best: Exchange,
    three: u64,
    best_open: i64,
    want: bool,
    gain: i64,
    pub(super) kicks: u64,
    pub(super) tries: u64,
}

impl<'a, M: Metric> Search<'a, M> {
    pub(super) fn new(
        metric: &'a M,
        neighbours: &'a Neighbours,
        fixed: &'a [[u32; 2]],
        order: Vec<u32>,
        knobs: Knobs,
    ) -> Self {
        let n = order.len();
        Self {
            metric,
            neighbours,
            fixed,
            tour: Tour::new(order),
            knobs,
            queue: std::collections::VecDeque::new(),
            queued: vec![false; n],
            exchange: Exchange::new(),
            best: Exchange::new(),
            three: Self::three(),
            best_open: 0,
            want: false,
            gain: 0,
            kicks: 0,
            tries: 0,
        }
    }

    pub(super) fn cost(&self) -> i64 {
        let order = self.tour.order();
        let mut total = 0;
        for i in 0..order.len() {
            total += self.metric.between(order[i], order[if i + 1 == order.len() { 0 } else { i + 1 }]);
        }
        total
    }

    #[inline]
    fn is_fixed(&self, a: u32, b: u32) -> bool {
        let f = &self.fixed[a as usize];
        f[0] == b || f[1] == b
    }

    fn push(&mut self, node: u32) {
        if !self.queued[node as usize] {
            self.queued[node as usize] = true;
            self.queue.push_back(node);
        }
    }

    pub(super) fn push_all(&mut self) {
        for i in 0..self.tour.len() {
            let node = self.tour.at(i);
            self.push(node);
        }
    }

    /// drains the queue; returns the gain
    pub(super) fn descend(&mut self, log: bool) -> i64 {
        let mut total = 0;
        while let Some(node) = self.queue.pop_front() {
            self.queued[node as usize] = false;
            while self.improve(node) {
                total += self.gain;
                if !log {
                    self.tour.commit();
                }
            }
        }
        total
    }

    fn improve(&mut self, t1: u32) -> bool {
        self.tries += 1;
        for forward in [true, false] {
            let p = self.tour.position(t1);
            let mut t2 = if forward { self.tour.after(p) } else { self.tour.before(p) };
            if self.is_fixed(t1, t2) {
                continue;
            }
            let mut gain = self.metric.between(t1, t2);
            let mark = self.tour.mark();
            let mut touched = [0u32; 64];
            let mut touches = 0;
            for round in 0..=self.knobs.rounds {
                let p = self.tour.position(t1);
                let fwd = self.tour.after(p) == t2;
                self.exchange.ends[0] = t1;
                self.exchange.ends[1] = t2;
                self.exchange.cuts[0] = if fwd { p } else { self.tour.position(t2) };
                self.exchange.forward[0] = fwd;
                self.best_open = 0;
                self.want = round < self.knobs.rounds;
                if self.step(1, gain) {
                    let exchange = self.exchange;
                    self.tour.apply(&exchange);
                    for i in 0..2 * exchange.len {
                        self.push(exchange.ends[i]);
                    }
                    for &t in &touched[..touches] { self.push(t); }
                    return true;
                }
                if self.best_open <= 0 { break; }
                gain = self.best_open;
                let exchange = self.best;
                t2 = exchange.ends[2 * exchange.len - 1];
                if round < self.knobs.rounds {
                    self.tour.apply(&exchange);
                    for i in 1..2 * exchange.len { if touches < 64 { touched[touches] = exchange.ends[i]; touches += 1; } }
                }
            }
            self.tour.undo_to(mark);
        }
        false
    }

    #[inline]
    fn valid(&self, len: usize) -> bool {
        let e = &self.exchange;
        match len {
            2 => e.forward[0] != e.forward[1],
            3 => {
                let c = &e.cuts;
                let index = usize::from(c[0] < c[1]) | usize::from(c[1] < c[2]) << 1 | usize::from(c[0] < c[2]) << 2
                    | usize::from(e.forward[0]) << 3 | usize::from(e.forward[1]) << 4 | usize::from(e.forward[2]) << 5;
                self.three >> index & 1 == 1
            }
            _ => e.keeps_one_tour(),
        }
    }

    fn three() -> u64 {
        let mut table = 0u64;
        for cuts in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            for flags in 0..8usize {
                let mut e = Exchange::new();
                e.len = 3;
                e.cuts[..3].copy_from_slice(&cuts);
                for i in 0..3 { e.forward[i] = flags >> i & 1 == 1; }
                let index = usize::from(cuts[0] < cuts[1]) | usize::from(cuts[1] < cuts[2]) << 1 | usize::from(cuts[0] < cuts[2]) << 2 | flags << 3;
                if e.keeps_one_tour() { table |= 1 << index; }
            }
        }
        table
    }

    fn step(&mut self, level: usize, gain: i64) -> bool {
        let last = self.exchange.ends[2 * level - 1];
        let first = self.exchange.ends[0];
        let lp = self.tour.position(last);
        let (ls, lb) = (self.tour.after(lp), self.tour.before(lp));
        let neighbours = self.neighbours;
        let deeper = level + 1 < self.knobs.depth;
        let mut found = [(0i64, 0u32, 0u32, 0u32, false); 5];
        let breadth = if deeper { self.knobs.breadth[level - 1].min(5) } else { 0 };
        let mut count = 0;
        let mut best = (0i64, 0u32, 0u32, 0u32, false);
        self.exchange.len = level + 1;
        for &(next, cost) in neighbours.of(last) {
            let open = gain - i64::from(cost);
            if open <= 0 {
                break;
            }
            if next == ls || next == lb {
                continue;
            }
            let p = self.tour.position(next);
            for forward in [true, false] {
                let (end, cut) = if forward { (self.tour.after(p), p) } else { (self.tour.before(p), if p == 0 { self.tour.len() - 1 } else { p - 1 }) };
                if self.exchange.cuts[..level].contains(&cut) || self.is_fixed(next, end) {
                    continue;
                }
                let g = open + self.metric.between(next, end);
                if !deeper && end != first && g > best.0 {
                    let closed = g - self.metric.between(end, first);
                    if closed > best.0 {
                        self.exchange.cuts[level] = cut;
                        self.exchange.forward[level] = forward;
                        if self.valid(level + 1) {
                            best = (closed, next, end, cut, forward);
                        }
                    }
                }
                if breadth == 0 || count == breadth && found[count - 1].0 >= g {
                    continue;
                }
                let mut slot = if count < breadth { count += 1; count - 1 } else { count - 1 };
                while slot > 0 && found[slot - 1].0 < g {
                    found[slot] = found[slot - 1];
                    slot -= 1;
                }
                found[slot] = (g, next, end, cut, forward);
            }
        }
        if best.0 > 0 {
            self.gain = best.0;
            self.exchange.ends[2 * level] = best.1;
            self.exchange.ends[2 * level + 1] = best.2;
            self.exchange.cuts[level] = best.3;
            self.exchange.forward[level] = best.4;
            return true;
        }
        for &(g, next, end, cut, forward) in &found[..count] {
            self.exchange.ends[2 * level] = next;
            self.exchange.ends[2 * level + 1] = end;
            self.exchange.cuts[level] = cut;
            self.exchange.forward[level] = forward;
            self.exchange.len = level + 1;
            if end != first {
                let closed = g - self.metric.between(end, first);
                if closed > 0 && self.valid(level + 1) {
                    self.gain = closed;
                    return true;
                }
            }
            if self.step(level + 1, g) {
                return true;
            }
        }
        false
    }

    /// one kick; returns the change of cost
    pub(super) fn kick(&mut self, random: &mut Random) -> i64 {
        let n = self.tour.len();
        let window = self.knobs.window.min(n);
        let start = random.below(n);
        // four different offsets below window
        let mut o = [0u32; 4];
        let walking = self.knobs.walk > 0 && random.below(100) < self.knobs.share;
        let mut cuts;
        if walking {
            loop {
                let from = self.tour.at(random.below(n));
                for x in &mut o {
                    let mut v = from;
                    for _ in 0..1 + random.below(self.knobs.walk) {
                        let l = self.neighbours.of(v);
                        v = l[random.below((l.len() as u32).min(8)) as usize].0;
                    }
                    *x = self.tour.position(v);
                }
                o.sort_unstable();
                if o[0] < o[1] && o[1] < o[2] && o[2] < o[3] { break; }
            }
            cuts = o;
        } else {
        loop {
            for x in &mut o {
                *x = random.below(window);
            }
            o.sort_unstable();
            if o[0] < o[1] && o[1] < o[2] && o[2] < o[3] {
                break;
            }
        }
        cuts = o.map(|x| (start + x) % n);
        }
        cuts.sort_unstable();
        // A B C D -> A D C B : edges: c0:(a,b') ...
        let e = cuts.map(|c| (self.tour.at(c), self.tour.after(c)));
        if e.iter().any(|&(a, b)| self.is_fixed(a, b)) {
            return 0;
        }
        // A=..c0, B=c0+1..c1, C, D=c2+1..c3, then A again. New: A D C B A
        // added: (c0.a, c2.b) (c3.a, c1.b) (c2.a, c0.b) (c1.a, c3.b)
        // as alternating: two cycles -> not one alternating trail; apply by order instead
        let added = [(e[0].0, e[2].1), (e[3].0, e[1].1), (e[2].0, e[0].1), (e[1].0, e[3].1)];
        let mut delta = 0;
        for (a, b) in added {
            delta += self.metric.between(a, b);
        }
        for (a, b) in e {
            delta -= self.metric.between(a, b);
        }
        self.tour.double_bridge(cuts);
        for (a, b) in e {
            self.push(a);
            self.push(b);
        }
        delta
    }

    pub(super) fn iterate(&mut self, random: &mut Random, mut keep_going: impl FnMut(u64, i64) -> f64) -> i64 {
        self.push_all();
        self.descend(false);
        if std::env::var("R").is_ok() { for _ in 0..5 { let c = self.cost(); let mut long = 0; for i in 0..self.tour.len() { if self.metric.between(self.tour.at(i), self.tour.after(i)) > 8 * c / i64::from(self.tour.len()) { long += self.metric.between(self.tour.at(i), self.tour.after(i)); } } eprintln!("cost {c} long {long} tries {}", self.tries); self.push_all(); self.descend(false); } }
        if std::env::var("R").is_ok() {
            let n = self.tour.len(); let (mut two, mut two_n, mut or) = (0, 0, 0);
            for i in 0..n { let a = self.tour.at(i); let b = self.tour.after(i);
              for j in 0..n { let c = self.tour.at(j); let d = self.tour.after(j); if c == a || c == b || d == a { continue; }
                let g = self.metric.between(a,b) + self.metric.between(c,d) - self.metric.between(a,c) - self.metric.between(b,d);
                if g > 0 { two += 1; if self.neighbours.of(a).iter().any(|x| x.0 == c) || self.neighbours.of(b).iter().any(|x| x.0 == d) { two_n += 1; } }
                // move node b between c and d
                let e = self.tour.after(self.tour.position(b)); if e != c && d != b { let g = self.metric.between(a,b) + self.metric.between(b,e) - self.metric.between(a,e) + self.metric.between(c,d) - self.metric.between(b,c) - self.metric.between(b,d); if g > 0 { or += 1; } }
              } }
            eprintln!("two {two} within lists {two_n} or {or}");
        }
        let mut cost = self.cost();
        let mut best = cost;
        let mut best_order = self.tour.order().to_vec();
        if self.tour.len() < 8 {
            return cost;
        }
        let mean = cost as f64 / f64::from(self.tour.len());
        loop {
            let share = keep_going(self.kicks, best);
            if share >= 1.0 { break; }
            for _ in 0..16 {
                self.kicks += 1;
                let mut delta = self.kick(random);
                delta -= self.descend(true);
                let slack = if self.knobs.temperature > 0.0 {
                    let u = (random.next() >> 11) as f64 / (1u64 << 53) as f64;
                    let fade = (1.0 - share).max(0.0);
                    let room = -(u.max(1e-12)).ln() * self.knobs.temperature * mean * fade;
                    room as i64
                } else { 0 };
                if delta > 0 && (if self.knobs.current { delta > slack } else { cost + delta > best + slack }) {
                    self.tour.undo();
                } else {
                    cost += delta;
                    self.tour.commit();
                    if cost < best {
                        best = cost;
                        if self.knobs.temperature > 0.0 {
                            best_order.copy_from_slice(self.tour.order());
                        }
                    }
                }
            }
        }
        if self.knobs.temperature > 0.0 {
            self.tour = Tour::new(best_order);
        }
        best
    }
}

//! proto entry
use super::random::Random;
use super::search::*;

pub struct Dense { pub n: usize, pub cells: Vec<u32> }
impl Metric for Dense { #[inline] fn between(&self, a: u32, b: u32) -> i64 { i64::from(self.cells[a as usize * self.n + b as usize]) } }
pub struct Pi { pub n: usize, pub cells: Vec<i32> }
impl Metric for Pi { #[inline] fn between(&self, a: u32, b: u32) -> i64 { i64::from(self.cells[a as usize * self.n + b as usize]) } }
/// dense subgradient; returns pi (scaled by PREC) and alpha-sorted lists
pub const PREC: i64 = 32;
pub fn ascent(n: usize, d: &impl Metric, k: usize, iters: usize) -> (Vec<i64>, Vec<Vec<(i64, u32)>>) {
    let mut pi = vec![0i64; n]; let mut best_pi = pi.clone(); let mut best = i64::MIN; let mut last = vec![0i64; n];
    let mut t = 0i64; 
    let one_tree = |pi: &[i64]| -> (i64, Vec<i64>, Vec<u32>, Vec<u32>) {
        // prim
        let c = |a: usize, b: usize| d.between(a as u32, b as u32) * PREC + pi[a] + pi[b];
        let mut par = vec![0u32; n]; let mut key = vec![i64::MAX; n]; let mut done = vec![false; n]; let mut order = vec![];
        let mut v = 0; done[0] = true; order.push(0u32); let mut total = 0; let mut deg = vec![-2i64; n];
        for _ in 1..n { let mut bk = i64::MAX; let mut bv = 0; for u in 0..n { if !done[u] { let x = c(v, u); if x < key[u] { key[u] = x; par[u] = v as u32; } if key[u] < bk { bk = key[u]; bv = u; } } } done[bv] = true; order.push(bv as u32); total += bk; deg[bv] += 1; deg[par[bv] as usize] += 1; v = bv; }
        // special: leaf with the largest second nearest
        let mut bx = (i64::MIN, 0, 0); for u in 0..n { if deg[u] == -1 { let (mut a, mut b, mut bi) = (i64::MAX, i64::MAX, 0); for w in 0..n { if w != u { let x = c(u, w); if x < a { b = a; a = x; if bi == 0 {} ; } else if x < b { b = x; } } } for w in 0..n { if w != u && c(u,w) == b && w as u32 != par[u] && !(par[w] == u as u32 && w != 0) { bi = w; } } if b > bx.0 { bx = (b, u, bi); } } }
        total += bx.0; deg[bx.1] += 1; deg[bx.2] += 1;
        let w = total - 2 * pi.iter().sum::<i64>();
        (w, deg, par, order)
    };
    let (mut w, mut deg, _, _) = one_tree(&pi);
    best = best.max(w);
    let start = w / (n as i64 * 10).max(1); t = t.max(start.max(1));
    let mut period = (n / 2).clamp(20, iters / 2); let mut grow = true; let mut left = iters as i64;
    last.copy_from_slice(&deg);
    while left > 0 && t > 0 && period > 0 {
        let mut p = 0; 
        while p < period && left > 0 {
            for i in 0..n { pi[i] += t * (7 * deg[i] + 3 * last[i]) / 10; }
            last.copy_from_slice(&deg);
            let r = one_tree(&pi); w = r.0; deg = r.1; left -= 1;
            if w > best { best = w; best_pi.copy_from_slice(&pi); if grow { t *= 2; } if p + 1 == period { period *= 2; } } else if grow && p > period / 2 { grow = false; p = 0; t = 3 * t / 4; }
            p += 1;
        }
        period /= 2; t /= 2;
    }
    if std::env::var("G").is_ok() { eprintln!("bound {}", best as f64 / PREC as f64); }
    let (_, _, par, order) = one_tree(&best_pi);
    let c = |a: usize, b: usize| d.between(a as u32, b as u32) * PREC + best_pi[a] + best_pi[b];
    let mut out = vec![];
    for i in 0..n {
        // beta from i along the tree
        let mut beta = vec![i64::MIN; n]; let mut set = vec![false; n]; let mut v = i; set[i] = true;
        // up
        let mut b = i64::MIN; while v != 0 { let q = par[v] as usize; b = b.max(c(v, q)); beta[q] = b; set[q] = true; v = q; }
        for &u in &order { let u = u as usize; if !set[u] { let q = par[u] as usize; beta[u] = beta[q].max(c(u, q)); set[u] = true; } }
        let mut l: Vec<(i64, i64, u32)> = (0..n).filter(|&j| j != i).map(|j| (c(i, j) - beta[j], c(i, j), j as u32)).collect();
        l.sort_unstable(); l.truncate(k); l.sort_by_key(|x| (x.1, x.2));
        out.push(l.into_iter().map(|x| (x.1, x.2)).collect());
    }
    (best_pi, out)
}
pub struct Direct { pub xy: Vec<(f64, f64)> }
impl Metric for Direct { #[inline] fn between(&self, a: u32, b: u32) -> i64 { let (p, q) = (self.xy[a as usize], self.xy[b as usize]); let (dx, dy) = (p.0-q.0, p.1-q.1); ((dx*dx+dy*dy).sqrt() + 0.5) as i64 } }

pub struct Out { pub cost: i64, pub order: Vec<u32>, pub kicks: u64, pub first: i64 , pub tries: u64}

pub fn solve(xy: &[(f64, f64)], knobs: Knobs, k: usize, quad: usize, dense: bool, seed: u64, mut keep: impl FnMut(u64, i64) -> f64) -> Out {
    let n = xy.len();
    // hilbert-ish renumber: by greedy? use simple grid snake
    let perm = spatial(xy);
    let pts: Vec<(f64, f64)> = perm.iter().map(|&i| xy[i as usize]).collect();
    let direct = Direct { xy: pts.clone() };
    let mut lists = knn(&pts, k);
    if quad > 0 { let wide = knn(&pts, (k * 3).min(n - 1).max(24.min(n-1))); for (i, l) in lists.iter_mut().enumerate() { let mut got = [0usize; 4]; let mut l2 = Vec::new(); for &j in &wide[i] { let (dx, dy) = (pts[j as usize].0 - pts[i].0, pts[j as usize].1 - pts[i].1); let q = if dx > 0.0 && dy >= 0.0 {0} else if dx <= 0.0 && dy > 0.0 {1} else if dx < 0.0 && dy <= 0.0 {2} else {3}; if got[q] < quad { got[q] += 1; l2.push(j); } } for &j in &wide[i] { if l2.len() >= k { break; } if !l2.contains(&j) { l2.push(j); } } l2.sort_by_key(|&j| (direct.between(i as u32, j), j)); *l = l2; } }
    let mut start = vec![0u32]; let mut list = Vec::new();
    for (i, l) in lists.iter().enumerate() { for &j in l { list.push((j, direct.between(i as u32, j) as i32)); } start.push(list.len() as u32); }
    let nb = Neighbours { start, list };
    let fixed = vec![[u32::MAX; 2]; n];
    if let Ok(it) = std::env::var("ALPHA") {
        let it: usize = it.parse().unwrap();
        let (pi, lists) = ascent(n, &direct, k, it);
        let mut nb = Neighbours { start: vec![0], list: vec![] };
        for l in &lists { for &(c, j) in l { nb.list.push((j, c as i32)); } nb.start.push(nb.list.len() as u32); }
        let mut cells = vec![0i32; n * n];
        for i in 0..n { for j in 0..n { if i != j { cells[i*n+j] = (direct.between(i as u32, j as u32) * PREC + pi[i] + pi[j]) as i32; } } }
        let m = Pi { n, cells };
        let shift = 2 * pi.iter().sum::<i64>();
        let order = greedy(n, &nb, &m);
        let fixed = vec![[u32::MAX; 2]; n];
        let mut random = Random::new(seed);
        let mut s = Search::new(&m, &nb, &fixed, order, knobs);
        let mut first = 0;
        let cost = s.iterate(&mut random, |a: u64, b: i64| { let b = (b - shift) / PREC; if a == 0 { first = b; } keep(a, b) });
        return Out { cost: (cost - shift) / PREC, order: s.tour.order().iter().map(|&i| perm[i as usize]).collect(), kicks: s.kicks, first, tries: s.tries };
    }
    let order = if std::env::var("H").is_ok() { (0..n as u32).collect() } else { greedy(n, &nb, &direct) };
    if std::env::var("G").is_ok() { let mut c = 0; for i in 0..n { c += direct.between(order[i], order[(i+1)%n]); } let mut seen = vec![false; n]; for &o in &order { assert!(!seen[o as usize]); seen[o as usize] = true; } eprintln!("greedy {c} {}", order.len()); }
    let mut random = Random::new(seed);
    let (cost, o, kicks, tries);
    let mut first = 0;
    let mut k2 = |a: u64, b: i64| { if a == 0 { first = b; } keep(a, b) };
    if dense {
        let mut cells = vec![0u32; n * n];
        for i in 0..n { for j in 0..n { cells[i*n+j] = direct.between(i as u32, j as u32) as u32; } }
        let m = Dense { n, cells };
        let mut s = Search::new(&m, &nb, &fixed, order, knobs);
        cost = s.iterate(&mut random, &mut k2); o = s.tour.order().to_vec(); kicks = s.kicks; tries = s.tries;
    } else {
        let mut s = Search::new(&direct, &nb, &fixed, order, knobs);
        cost = s.iterate(&mut random, &mut k2); o = s.tour.order().to_vec(); kicks = s.kicks; tries = s.tries;
    }
    Out { cost, order: o.iter().map(|&i| perm[i as usize]).collect(), kicks, first, tries }
}

fn spatial(xy: &[(f64, f64)]) -> Vec<u32> {
    let (mut lx, mut ly, mut hx, mut hy) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
    for &(x, y) in xy { lx = lx.min(x); ly = ly.min(y); hx = hx.max(x); hy = hy.max(y); }
    let s = 65535.0 / (hx - lx).max(hy - ly).max(1e-9);
    let mut v: Vec<(u64, u32)> = xy.iter().enumerate().map(|(i, &(x, y))| (hilbert(((x-lx)*s) as u32, ((y-ly)*s) as u32), i as u32)).collect();
    v.sort_unstable();
    v.into_iter().map(|x| x.1).collect()
}
fn hilbert(mut x: u32, mut y: u32) -> u64 {
    let mut d = 0u64; let mut s = 1u32 << 15;
    while s > 0 { let rx = u32::from(x & s > 0); let ry = u32::from(y & s > 0); d += u64::from(s) * u64::from(s) * u64::from((3 * rx) ^ ry);
        if ry == 0 { if rx == 1 { x = 65535 - (x & 65535); y = 65535 - (y & 65535); } std::mem::swap(&mut x, &mut y); } s >>= 1; }
    d
}

fn knn(pts: &[(f64, f64)], k: usize) -> Vec<Vec<u32>> {
    let n = pts.len();
    let (mut lx, mut ly, mut hx, mut hy) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
    for &(x, y) in pts { lx = lx.min(x); ly = ly.min(y); hx = hx.max(x); hy = hy.max(y); }
    let cell = (((hx-lx)*(hy-ly)).max(1e-9) * 3.0 / n as f64).sqrt();
    let w = ((hx-lx)/cell) as usize + 1; let h = ((hy-ly)/cell) as usize + 1;
    let at = |p: (f64, f64)| (((p.0-lx)/cell) as usize, ((p.1-ly)/cell) as usize);
    let mut grid = vec![Vec::new(); w*h];
    for (i, &p) in pts.iter().enumerate() { let (x, y) = at(p); grid[y*w+x].push(i as u32); }
    let mut all = Vec::new();
    for (i, &p) in pts.iter().enumerate() {
        let (cx, cy) = at(p);
        let mut r = 1;
        loop {
            let mut c: Vec<(u64, u32)> = Vec::new();
            for y in cy.saturating_sub(r)..=(cy+r).min(h-1) { for x in cx.saturating_sub(r)..=(cx+r).min(w-1) { for &j in &grid[y*w+x] { if j as usize != i { let q = pts[j as usize]; c.push((((p.0-q.0).powi(2)+(p.1-q.1).powi(2)).to_bits(), j)); } } } }
            c.sort_unstable();
            let lim = r as f64 * cell;
            if (c.len() >= k && f64::from_bits(c[k-1].0).sqrt() <= lim) || r > w.max(h) {
                c.truncate(k);
                all.push(c.into_iter().map(|x| x.1).collect());
                break;
            }
            r += 1;
        }
    }
    all
}

fn greedy(n: usize, nb: &Neighbours, m: &impl Metric) -> Vec<u32> {
    let mut e: Vec<(i32, u32, u32)> = Vec::new();
    for i in 0..n { for &(j, c) in &nb.list[nb.start[i] as usize..nb.start[i+1] as usize] { if (i as u32) < j || !nb.list[nb.start[j as usize] as usize..nb.start[j as usize+1] as usize].iter().any(|x| x.0 == i as u32) { e.push((c, i as u32, j)); } } }
    e.sort_unstable();
    let none = u32::MAX;
    let mut link = vec![[none; 2]; n];
    let mut other: Vec<u32> = (0..n as u32).collect(); // other end of fragment
    for (_, a, b) in e {
        if link[a as usize][1] != none || link[b as usize][1] != none || other[a as usize] == b { continue; }
        let (ea, eb) = (other[a as usize], other[b as usize]);
        for (x, y) in [(a, b), (b, a)] { let l = &mut link[x as usize]; if l[0] == none { l[0] = y } else { l[1] = y } }
        other[ea as usize] = eb; other[eb as usize] = ea;
    }
    let mut ends: Vec<u32> = (0..n as u32).filter(|&i| link[i as usize][1] == none).collect();
    let mut order = Vec::new();
    let mut at = if ends.is_empty() { 0 } else { ends[0] };
    loop {
        // walk fragment from at
        let far = if ends.is_empty() { at } else { other[at as usize] };
        let (mut prev, mut cur) = (none, at);
        loop { order.push(cur); let l = link[cur as usize]; let nx = if l[0] != prev && l[0] != none { l[0] } else if l[1] != none && l[1] != prev { l[1] } else { none }; if nx == none || cur == far { break; } prev = cur; cur = nx; }
        ends.retain(|&x| x != at && x != far);
        if ends.is_empty() { break; }
        at = *ends.iter().min_by_key(|&&x| (m.between(far, x), x)).unwrap();
    }
    order
}

//! Which elements hang on each other in a circle.

/// For each node, the number of its strongly connected component: two nodes share one exactly
/// if each can be reached from the other (Kosaraju's algorithm, without recursion).
pub(super) fn components(edges: &[Vec<u16>]) -> Vec<usize> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, targets) in (0_u16..).zip(edges) {
        for to in targets {
            if let Some(sources) = reversed.get_mut(usize::from(*to)) {
                sources.push(from);
            }
        }
    }
    let mut order = Vec::with_capacity(edges.len());
    let mut seen = vec![false; edges.len()];
    for start in 0..edges.len() {
        walk(edges, start, &mut seen, |node| order.push(node));
    }
    let mut component = vec![0; edges.len()];
    seen.fill(false);
    for start in order.into_iter().rev() {
        walk(&reversed, start, &mut seen, |node| component[node] = start);
    }
    component
}

/// Visits every unseen node that can be reached from `start`, each after those it leads to.
fn walk(edges: &[Vec<u16>], start: usize, seen: &mut [bool], mut leave: impl FnMut(usize)) {
    if std::mem::replace(&mut seen[start], true) {
        return;
    }
    // A node on the way and how many of its edges have been followed.
    let mut path = vec![(start, 0)];
    while let Some((node, followed)) = path.last_mut() {
        let next = edges[*node].get(*followed).map(|next| usize::from(*next));
        *followed += 1;
        match next {
            Some(next) if !std::mem::replace(&mut seen[next], true) => path.push((next, 0)),
            Some(_) => {}
            None => {
                leave(*node);
                path.pop();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reaches(edges: &[Vec<u16>], from: usize, to: usize) -> bool {
        let mut seen = vec![false; edges.len()];
        walk(edges, from, &mut seen, |_| ());
        seen[to]
    }

    proptest! {
        #[test]
        fn nodes_share_a_component_exactly_if_each_reaches_the_other(
            edges in (1_u16..9).prop_flat_map(|n| {
                proptest::collection::vec(proptest::collection::vec(0..n, 0..4), usize::from(n))
            })
        ) {
            let component = components(&edges);
            for a in 0..edges.len() {
                for b in 0..edges.len() {
                    let mutual = reaches(&edges, a, b) && reaches(&edges, b, a);
                    prop_assert_eq!(component[a] == component[b], mutual, "{} {}", a, b);
                }
            }
        }
    }

    #[test]
    fn a_long_chain_does_not_recurse() {
        let edges: Vec<Vec<u16>> = (1..=60_000).map(|next| vec![next]).chain([vec![]]).collect();
        assert_eq!(components(&edges).len(), edges.len());
    }
}

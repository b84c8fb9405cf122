/**
 * The values that flow between stages: batches of items, each to be gone through without waiting. A turn through an async
 * generator costs as much as reading a small file; this way a batch pays for one, however many items it has.
 *
 * A batch takes its items from where they come from one at a time, so what is not taken is still there. It is
 * gone through once, before the next batch is asked for.
 */
export type Batches<Item> = AsyncIterable<Iterable<Item>>;

import { type HolderFacts, holderFacts, parseObject } from "./holder-facts.ts";

/** The lease of a job on its place in a bucket, as it is written there. */
export interface Lease extends HolderFacts {
	/** Of the run that holds it; no two runs have the same. */
	readonly id: string;
	/** Milliseconds for which it holds from when it was written. */
	readonly durationMs: number;
	/** Its run has ended: whoever comes can have it. */
	readonly released: boolean;
	/** The lock on its machine that the run holds as well. */
	readonly scope: string | undefined;
}

/** Milliseconds. */
export const LEASE_MS: number = 5 * 60_000;

/** Bytes; ours have a few hundred. */
export const LONGEST_LEASE = 4096;

/** Milliseconds: nobody is kept away for longer by a lease that is not renewed. */
const LONGEST_MS = 60 * 60_000;

export function formatLease(lease: Lease, nonce: string): Uint8Array {
	return Buffer.from(`${JSON.stringify({ version: 1, ...lease, nonce }, undefined, "\t")}\n`);
}

/** A lease, as far as it makes sense: what others have put there keeps runs away for the usual time, and goes then. */
export function parseLease(bytes: Uint8Array): Lease {
	const facts = parseObject(Buffer.from(bytes).toString());
	const { id, durationMs, released, scope } = facts;
	return {
		...holderFacts(facts),
		id: typeof id === "string" ? id : "",
		durationMs: typeof durationMs === "number" ? Math.min(Math.max(durationMs, 0), LONGEST_MS) : LEASE_MS,
		released: released === true,
		scope: typeof scope === "string" ? scope : undefined,
	};
}

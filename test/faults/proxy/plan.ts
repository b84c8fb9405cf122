import type { Fault } from "./fault.ts";
import type { Operation, S3Request } from "./operation.ts";
import { seededRandom } from "./random.ts";

/** When a fault happens. All conditions that are given have to hold. */
export interface Rule {
	readonly operation?: Operation | readonly Operation[];
	readonly partNumber?: number;
	/** Which of the requests that fit so far, from 1; a range has both ends in it. By default all. */
	readonly occurrence?: number | { readonly from: number; readonly to?: number };
	/** Of those, how many, from 0 to 1. */
	readonly probability?: number;
	readonly fault: Fault;
}

/** Decides about each request; the same requests in the same order meet the same faults. */
export class Plan {
	readonly #rules: readonly Rule[];
	readonly #random: () => number;
	readonly #counts = new Map<Rule, number>();

	constructor(rules: readonly Rule[], seed: number) {
		this.#rules = rules;
		this.#random = seededRandom(seed);
	}

	/** The fault of the first rule that applies. */
	next(request: S3Request): Fault | undefined {
		let found: Fault | undefined;
		for (const rule of this.#rules) {
			if (this.#applies(rule, request)) found ??= rule.fault;
		}
		return found;
	}

	#applies(rule: Rule, { operation, partNumber }: S3Request): boolean {
		const { operation: wanted, occurrence = { from: 1 }, probability = 1 } = rule;
		if (wanted !== undefined && ![wanted].flat().includes(operation)) return false;
		if (rule.partNumber !== undefined && rule.partNumber !== partNumber) return false;
		const count = (this.#counts.get(rule) ?? 0) + 1;
		this.#counts.set(rule, count);
		const { from, to = Number.POSITIVE_INFINITY } =
			typeof occurrence === "number" ? { from: occurrence, to: occurrence } : occurrence;
		return count >= from && count <= to && (probability === 1 || this.#random() < probability);
	}
}

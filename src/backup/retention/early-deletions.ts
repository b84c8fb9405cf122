import type { ProviderName } from "../../s3/providers.ts";
import { earlyDeletionFee } from "../../upload/cost/plan-cost.ts";
import { type Price, type PriceList, pricesOf, USUAL_CLASS } from "../../upload/cost/price-list.ts";
import type { BackupArchive } from "../archives/archive-facts.ts";

/** An archive that is removed before the storage has billed it for as long as it bills each object at least. */
export interface EarlyDeletion {
	readonly key: string;
	/** When it goes. */
	readonly at: Date;
	/** Whole days for which it is there then. */
	readonly days: number;
	/** Days that are billed. */
	readonly leastDays: number;
	/** For the days between, at most. */
	readonly fee: Price;
	readonly currency: "USD" | "EUR";
}

/** An archive that goes at a time. */
export interface Leaving {
	readonly archive: Pick<BackupArchive, "key" | "time" | "storageClass">;
	/** Bytes at most; `undefined` if nobody knows. */
	readonly size: number | undefined;
	readonly at: Date;
}

const DAY_MS = 86_400_000;

/** Finds the archives that go too early, by the list prices of the storage. Pure. */
export function earlyDeletions(
	leaving: readonly Leaving[],
	provider: ProviderName,
	list?: PriceList,
): readonly EarlyDeletion[] {
	const prices = pricesOf(provider, list);
	return leaving.flatMap(({ archive, size, at }) => {
		const own = prices?.classes[archive.storageClass ?? USUAL_CLASS];
		if (prices === undefined || own === undefined) return [];
		const days = Math.floor((at.getTime() - archive.time.getTime()) / DAY_MS);
		const { leastDays } = own;
		if (days >= leastDays) return [];
		const fee = size === undefined ? "unknown" : earlyDeletionFee(size, days, prices, own);
		return [{ key: archive.key, at, days, leastDays, fee, currency: prices.currency }];
	});
}

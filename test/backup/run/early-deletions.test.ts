import { describe, expect, it } from "vitest";
import { earlyDeletions } from "../../../src/backup/retention/early-deletions.ts";
import type { PriceList } from "../../../src/upload/cost/price-list.ts";

const GIB = 1024 ** 3;
const LIST: PriceList = {
	date: "2026-01-01",
	providers: [
		{
			...{ provider: "wasabi", title: "W", currency: "USD", gbSize: GIB, transferGb: 0, leastMonth: 0 },
			source: "https://w.example/",
			classes: {
				STANDARD: {
					...{ writePer1000: 0, readPer1000: 0, listPer1000: 0, retrievalGb: 0 },
					...{ gbMonth: 0.01, leastDays: 90, leastSize: 0 },
				},
			},
		},
	],
};
const day = (number: number) => new Date(Date.UTC(2026, 0, number));
const leaving = (made: number, goes: number, more: object = {}) => ({
	archive: { key: `${made}.zip`, time: day(made), storageClass: undefined, ...more },
	size: 100 * GIB,
	at: day(goes),
});

describe("earlyDeletions", () => {
	it("finds the archives that go before their shortest time, and what is billed for the rest of it", () => {
		const found = earlyDeletions([leaving(1, 31), leaving(1, 91), leaving(1, 400)], "wasabi", LIST);
		expect(found).toEqual([{ key: "1.zip", at: day(31), days: 30, leastDays: 90, fee: 2, currency: "USD" }]);
	});

	it("does not guess what is not in the list", () => {
		expect(earlyDeletions([leaving(1, 2)], "minio", LIST)).toEqual([]);
		expect(earlyDeletions([leaving(1, 2, { storageClass: "OTHER" })], "wasabi", LIST)).toEqual([]);
		const [unknown] = earlyDeletions([{ ...leaving(1, 2), size: undefined }], "wasabi", LIST);
		expect(unknown).toMatchObject({ days: 1, fee: "unknown" });
	});
});

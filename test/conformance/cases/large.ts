import type { Case } from "./case.ts";
import { zerosCase } from "./zeros-case.ts";

const GiB = 2 ** 30;
const LIMITS = [0xffff_fffe, 0xffff_ffff, 0x1_0000_0000];
const TAIL = { name: "tail", size: 100 };

function hex(value: number): string {
	return `0x${value.toString(16).toUpperCase()}`;
}

const ENTRY_SIZES = LIMITS.flatMap((size) =>
	(["store", "deflate"] as const).flatMap((method) =>
		[true, false].map((sizeKnown) =>
			zerosCase(
				`${hex(size)} bytes${sizeKnown ? "" : " of unknown size"}, ${method}`,
				[{ name: "large", size }, TAIL],
				{ grade: "big", method, sizeKnown },
			),
		),
	),
);

/** Local header with a name of one byte and the timestamp, and the data descriptor. */
const RECORDS = 30 + 1 + 9 + 16;
const HALF = 2 * GiB;

/** Two stored entries that need no ZIP64 themselves, and reach exactly to `end`. */
function upTo(end: number) {
	return [HALF, end - HALF].map((size, index) => ({ name: `${index}`, size: size - RECORDS }));
}

const STORED = { grade: "big", method: "store", sizeKnown: true } as const;

const OFFSETS = LIMITS.flatMap((end) => [
	zerosCase(`central directory at ${hex(end)}`, upTo(end), STORED),
	zerosCase(`local header at ${hex(end)}`, [...upTo(end), TAIL], STORED),
]);

const REAL = { name: "large", size: 5 * GiB };

export const LARGE: readonly Case[] = [
	zerosCase("5 GiB, stored", [REAL, TAIL], { grade: "ci", method: "store", sizeKnown: true }),
	zerosCase("5 GiB, deflated", [REAL, TAIL], { grade: "ci", method: "deflate", sizeKnown: true }),
	zerosCase("5 GiB of unknown size", [REAL, TAIL], { grade: "ci", method: "auto", sizeKnown: false }),
	...ENTRY_SIZES,
	...OFFSETS,
];

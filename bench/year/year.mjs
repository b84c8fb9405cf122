/**
 * What a year of nightly backups moves and costs: full archives, rolling ones, and restic beside them, as far as that can be said without
 * running it. A model: the tree and its changes are made up, runs are cut and requests counted by the code of uploads, and prices are
 * those of `--dry-run`. Prints the tables of docs/rolling.md; `--write` puts them there. It needs `node --import tsx`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { providerByName } from "../../src/s3/providers.ts";
import { planCost } from "../../src/upload/cost/plan-cost.ts";
import { PRICE_LIST } from "../../src/upload/cost/price-list.ts";
import { BILLED_REQUESTS } from "../../src/upload/cost/upload-requests.ts";
import { makeTree, nights } from "./nights.mjs";

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const PAGE = new URL("../../docs/rolling.md", import.meta.url);

export const FILE_COUNT = 20_000;
const TOTAL_SIZE = 5 * GIB;
const CHANGE_COUNT = 200;
const NIGHT_COUNT = 365;
const KEPT = 30;
/** Bits a second that leave the machine. */
const LINE = 50e6;
const SEED = 20;
/** What restic puts into one object by default. */
const PACK_SIZE = 16 * MIB;
/** Objects of a restic snapshot besides packs: a lock, an index, the snapshot. */
const SNAPSHOT_WRITES = 3;

const tree = makeTree({ fileCount: FILE_COUNT, totalSize: TOTAL_SIZE, seed: SEED });

/** The tables, by the names of their places in the page. */
export function tables() {
	return {
		shares: table(shareRows()),
		compressed: table(compressedRows()),
		year: table(yearRows()),
		providers: table(providerRows()),
	};
}

const percent = (value) => `${value.toFixed(value < 10 ? 1 : 0)} %`;

/** What travels on 40 nights of a tree, and which share of the archive that is. */
function sentOf(tree, changes) {
	const [full, ...later] = nights(tree, { nightCount: 41, seed: SEED, ...changes });
	const shares = later.map(({ sentSize }) => (sentSize / full.sentSize) * 100);
	return {
		...{ full, later },
		average: percent(shares.reduce((total, value) => total + value, 0) / shares.length),
		range: `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))}`,
	};
}

/** By how far the same files are compressed: what counts is how many bytes of the archive lie between two changes. */
function compressedRows() {
	const row = (name, share) => {
		const small = makeTree({ fileCount: FILE_COUNT, totalSize: TOTAL_SIZE * share, seed: SEED });
		const plain = sentOf(small, { changeCount: CHANGE_COUNT });
		const joined = sentOf(small, { changeCount: CHANGE_COUNT, joinRuns: true });
		const joins = count(Math.round(sum(joined.later, "joinCount") / joined.later.length));
		return [name, plain.average, plain.range, joined.average, joined.range, joins];
	};
	return [
		[
			"200 changes, files that compress to",
			"sent, on average",
			"least and most",
			"with `--join-runs`",
			"least and most",
			"joined runs",
		],
		row("what they were", 1),
		row("a half", 1 / 2),
		row("a quarter", 1 / 4),
	];
}

/** What travels, by how much changes. */
function shareRows() {
	const row = (changeCount, together) => {
		const { full, later, average, range } = sentOf(tree, { changeCount, together });
		return [
			count(changeCount),
			together ? "neighbours" : "anywhere",
			percent((sum(later, "changedSize") / later.length / full.sentSize) * 100),
			...[average, range],
			count(Math.round(sum(later, "copiedPartCount") / later.length)),
		];
	};
	return [
		["files that change", "where", "their bytes", "sent, on average", "least and most", "copied parts"],
		...[20, 200, 500, 1_000, 2_000, 4_000].map((changeCount) => row(changeCount, false)),
		...[1_000, 4_000].map((changeCount) => row(changeCount, true)),
	];
}

const year = {
	full: { nights: [...nights(tree, { nightCount: NIGHT_COUNT, changeCount: 0, fullEvery: 1, seed: SEED })] },
	rolling: { nights: [...nights(tree, { nightCount: NIGHT_COUNT, changeCount: CHANGE_COUNT, seed: SEED })] },
	monthly: {
		nights: [
			...nights(tree, { nightCount: NIGHT_COUNT, changeCount: CHANGE_COUNT, fullEvery: 30, seed: SEED }),
		],
	},
};

/** A year at the first provider of the list, side by side. */
function yearRows() {
	const prices = PRICE_LIST.providers[0];
	const row = (title, { nights: all }) => {
		const { once, requests, readSize, transfer, month } = costOfYear(all, prices, "STANDARD");
		return [
			title,
			size(sum(all, "sentSize")),
			hours((sum(all, "sentSize") * 8) / LINE),
			size(sum(all, "copiedSize")),
			count(requests),
			money(once),
			`${size(readSize)} (${money(transfer)})`,
			size(archiveSize(all) * KEPT),
			money(month),
		];
	};
	return [
		[
			"a year of",
			"sent",
			"on a line of 50 Mbit/s",
			"copied",
			"requests",
			"they cost",
			"read back",
			"stored",
			"a month",
		],
		row("full archives", year.full),
		row("rolling archives", year.rolling),
		row("rolling, anew every 30 days", year.monthly),
		resticRow(prices),
	];
}

/** The same nights, each of whose changed files is new to the repository as a whole. */
function resticRow(prices) {
	const all = year.rolling.nights;
	const sentSize = sum(all, "changedSize");
	const packs = all.reduce((total, { changedSize }) => total + Math.ceil(changedSize / PACK_SIZE), 0);
	const writes = packs + SNAPSHOT_WRITES * all.length;
	const stored = TOTAL_SIZE + sum(all.slice(1 - KEPT), "changedSize");
	const { writePer1000, gbMonth } = prices.classes["STANDARD"];
	return [
		"restic, as described below",
		size(sentSize),
		hours((sentSize * 8) / LINE),
		"–",
		count(writes),
		money((writes / 1_000) * writePer1000),
		"–",
		size(stored),
		money((stored / prices.gbSize) * gbMonth),
	];
}

/** Full and rolling, wherever parts can be copied. */
function providerRows() {
	const rows = PRICE_LIST.providers
		.filter(({ provider }) => providerByName(provider).unequalParts)
		.flatMap((prices) =>
			Object.entries(prices.classes)
				.filter(
					([name, { gbMonth }]) =>
						!name.endsWith("GLACIER") && name !== "DEEP_ARCHIVE" && gbMonth !== "unknown",
				)
				.map(([name]) => {
					const [full, rolling] = [year.full, year.rolling].map(({ nights: all }) =>
						costOfYear(all, prices, name),
					);
					return [
						prices.title,
						name,
						money(full.once),
						money(rolling.once),
						money(rolling.transfer),
						prices.classes[name].leastDays === 0 ? "–" : `${prices.classes[name].leastDays} days`,
						money(full.month),
					];
				}),
		);
	return [
		[
			"provider",
			"class",
			"full, a year",
			"rolling, a year",
			"reading from outside",
			"billed at least",
			"either, a month",
		],
		...rows,
	];
}

/**
 * What the nights ask and cost in requests and retrieval, and besides if this machine is outside of the provider's network; and what the
 * archives of the nights that are kept cost each month, for which some bill more nights.
 */
function costOfYear(all, prices, storageClass) {
	const totals = { once: 0, requests: 0, readSize: 0, transfer: 0, month: 0 };
	for (const night of all) {
		const cost = planCost(factsOf(night), { provider: prices.provider, storageClass });
		const estimate = cost.here;
		totals.once += estimate.requests + estimate.retrieval;
		totals.requests += BILLED_REQUESTS.reduce((total, kind) => total + cost.requests[kind], 0);
		totals.readSize += cost.readSize;
		// What is not known stays unknown.
		totals.transfer = estimate.transfer === "unknown" ? Number.NaN : totals.transfer + estimate.transfer;
		totals.month = estimate.month * Math.max(KEPT, estimate.leastDays);
	}
	return totals;
}

function factsOf({ sentSize, copiedSize, copiedPartCount, copiedEntryCount, partCount }) {
	const { directorySize } = tree;
	return {
		...{ size: sentSize + copiedSize, entryCount: FILE_COUNT, partCount, directorySize },
		...{ copiedSize, copiedPartCount, copiedEntryCount },
		baseDirectorySize: copiedPartCount === 0 ? undefined : directorySize,
		...{ objectCount: 0, objectSize: 0, noClobber: false, resume: false },
		...{ verify: "structure", verifySample: 0.01 },
	};
}

function archiveSize([{ sentSize, copiedSize }]) {
	return sentSize + copiedSize;
}

function sum(all, field) {
	return all.reduce((total, night) => total + night[field], 0);
}

function count(whole) {
	return whole.toLocaleString("en");
}

function size(bytes) {
	const gib = bytes / GIB;
	return `${gib < 100 ? gib.toFixed(1) : count(Math.round(gib))} GiB`;
}

function hours(seconds) {
	return `${(seconds / 3_600).toFixed(1)} h`;
}

function money(dollars) {
	return Number.isNaN(dollars) ? "unknown" : `$${dollars.toFixed(2)}`;
}

function table([head, ...rows]) {
	return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** The page with the tables in their places. */
export function withTables(page) {
	let text = page;
	for (const [name, made] of Object.entries(tables()))
		text = text.replace(
			new RegExp(`(<!-- ${name}: [^>]+ -->\\n).*?(<!-- end)`, "s"),
			(_, begin, end) => begin + made + end,
		);
	return text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	if (process.argv.includes("--write")) writeFileSync(PAGE, withTables(readFileSync(PAGE, "utf8")));
	else process.stdout.write(Object.values(tables()).join("\n"));
}

/**
 * What archives by many workers take and cost, up to 10 TB and 100 million objects: the plans of `shapes.json`, made by the code that
 * plans; time and cost by the model, with the rates that `calibrate.mjs` has measured and the line of `rates.json`. `--write` puts the
 * table into docs/scaling.md.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { LIST_PRICES } from "../../src/upload/cost/list-prices.js";
import { align } from "../report.mjs";
import { ARCHIVES } from "./archives.mjs";
import { costOf, memoryOf, ratesOver, requestsOf, timeOf } from "./model.mjs";

const read = (name) => JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));

const MIB = 1024 ** 2;
/** Numbers of workers. */
const SHOWN = [1, 16, 64];
const PAGE = new URL("../../docs/scaling.md", import.meta.url);
const MADE = /(<!-- made by [^>]+ -->\n).*?(<!-- end)/s;
const HEAD = [
	"archive",
	"workers",
	"shards",
	"parts of",
	"memory",
	"plan",
	"make",
	"finish",
	"requests",
	"compute",
	"a month",
];

const { values } = parseArgs({
	options: {
		/** Names of providers in `list-prices.js`, and of machines in `prices.json`. */
		storage: { type: "string", default: "aws" },
		compute: { type: "string", default: "fargate" },
		markdown: { type: "boolean", default: false },
		write: { type: "boolean", default: false },
	},
});
const prices = read("prices.json");
const { measured, line, worker } = read("rates.json");
const { shapes } = read("shapes.json");
const provider = LIST_PRICES.providers.find(({ provider }) => provider === values.storage);
const { title, gbSize } = provider;
const storage = { ...provider.classes.STANDARD, gbSize };
const compute = prices.compute[values.compute];

const rows = ARCHIVES.flatMap((archive) =>
	shapes[archive.title]
		.filter(({ workers }) => SHOWN.includes(workers))
		.map((shape) => predict(archive, shape)),
);
const about = `\nPrices of ${LIST_PRICES.date}: ${title}; ${compute.title}, ${worker.vcpus} vCPU and ${worker.gib} GiB or more.\n`;
const markdown = `${[HEAD, HEAD.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |\n`).join("")}${about}`;
if (values.write)
	writeFileSync(
		PAGE,
		readFileSync(PAGE, "utf8").replace(MADE, (_, begin, end) => begin + markdown + end),
	);
else process.stdout.write(values.markdown ? markdown : `${align([HEAD, ...rows]).join("\n")}\n${about}`);

function predict({ title, method }, { workers, ...shape }) {
	const seconds = timeOf(shape, ratesOver(line, measured[method]), workers);
	// As machines are sold: by whole GiB, and no less than that of a small one.
	const gib = Math.max(worker.gib, Math.ceil(memoryOf(shape)));
	const cost = costOf(shape, requestsOf(shape, { fromBucket: true }), seconds.total, {
		...{ storage, compute, workers, vcpus: worker.vcpus, gib },
	});
	return [
		title,
		String(workers),
		shape.shardCount.toLocaleString("en"),
		`${Math.round(shape.partSize / MIB)} MiB`,
		`${memoryOf(shape).toFixed(1)} GiB`,
		...[seconds.plan, seconds.work, seconds.finish].map(duration),
		...[cost.requests, cost.compute, cost.month].map(
			(dollars) => `$${dollars.toFixed(dollars < 10 ? 2 : 0)}`,
		),
	];
}

function duration(seconds) {
	if (seconds < 90) return `${seconds.toFixed(0)} s`;
	if (seconds < 5_400) return `${(seconds / 60).toFixed(0)} min`;
	return `${(seconds / 3_600).toFixed(1)} h`;
}

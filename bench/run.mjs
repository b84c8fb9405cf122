import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { compare } from "./compare.mjs";
import { describeMachine } from "./machine.mjs";
import { formatMarkdown, formatReport } from "./report.mjs";
import { chooseWorks, WORKS } from "./works.mjs";

const USAGE = `node bench/run.mjs [options]

  --quick          a quarter of the data, the most important peers, in less than 3 minutes
  --bars           the works and peers that bars are about, at full size: 17 minutes
  --range          every kind of data, for the range in the README: 3 rounds, 20 minutes
  --without FILE   not what such a file of --json has measured; may be repeated
  --work NAME      only this one; may be repeated: ${Object.keys(WORKS).join(", ")}
  --peer NAME      only this one; may be repeated
  --runs N         rounds that count (default 5, with --quick 3)
  --scale FACTOR   size of the data (default 1, with --quick 0.25)
  --json FILE      write every single run
  --from FILE      measure nothing, report from such a file; several are put together
  --markdown       print the table for the README as well`;

const QUICK_TIME_MS = 130_000;
const BARS_TIME_MS = 20 * 60_000;
const log = (line) => process.stderr.write(`${line}\n`);

const { values } = parseArgs({
	options: {
		quick: { type: "boolean", default: false },
		bars: { type: "boolean", default: false },
		range: { type: "boolean", default: false },
		without: { type: "string", multiple: true, default: [] },
		work: { type: "string", multiple: true },
		peer: { type: "string", multiple: true },
		runs: { type: "string" },
		scale: { type: "string" },
		json: { type: "string" },
		from: { type: "string", multiple: true },
		markdown: { type: "boolean", default: false },
		help: { type: "boolean", default: false },
	},
});

if (values.help) console.log(USAGE);
else {
	const result = values.from === undefined ? await run() : joined(values.from);
	if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(result, null, "\t")}\n`);
	console.log(formatReport(result));
	if (values.markdown) console.log(`\n${formatMarkdown(result)}`);
}

async function run() {
	const { quick, bars, range, peer: only } = values;
	const all = Object.keys(WORKS);
	const unknown = values.work?.find((name) => !all.includes(name));
	if (unknown !== undefined) throw new Error(`there is no work "${unknown}"; there are ${all.join(", ")}`);
	const done = values.without.flatMap((file) => Object.keys(readResult(file).works));
	const chosen = chooseWorks({ quick, bars, range }, only, values.work);
	const works = chosen.filter(({ name }) => !done.includes(name));
	const scale = Number(values.scale ?? (quick ? 0.25 : 1));
	const runs = Number(values.runs ?? (quick || range ? 3 : 5));
	if (!(scale > 0) || !Number.isInteger(runs) || runs < 1) throw new Error(USAGE);
	const machine = describeMachine();
	if (!machine.quiet)
		log(`the load is ${machine.load}: something else is running, wall times will say little`);
	const results = await compare(works, {
		runs,
		scale,
		log,
		deadlineMs: deadlines({ quick, bars, range }, works.length),
	});
	return { machine, scale, runs, works: results };
}

/** Few rounds rather than a long time. Quick works have equal shares of theirs; of the others, the last ones give way. */
function deadlines({ quick, bars, range }, count) {
	if (quick) return (index) => (QUICK_TIME_MS * (index + 1)) / count;
	return () => (bars || range ? BARS_TIME_MS : Number.POSITIVE_INFINITY);
}

/** One result of several: each has works of its own, measured on the same machine at the same scale. */
function joined(files) {
	const results = files.map(readResult);
	const [first] = results;
	if (results.some(({ scale }) => scale !== first.scale)) throw new Error("the results differ in scale");
	return { ...first, works: Object.assign({}, ...results.map(({ works }) => works)) };
}

function readResult(file) {
	return JSON.parse(readFileSync(file, "utf8"));
}

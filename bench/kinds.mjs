import { DATA_SETS } from "./data.mjs";

/**
 * Data as people have it, none of it chosen for a tool. Each is archived as its method says, to /dev/null and into a
 * bucket; the range of all of them is what README shows (`range.mjs`).
 */
const KINDS = {
	text: { data: "text", method: "deflate" },
	tiny: { data: "tiny", method: "deflate" },
	small: { data: "small-20k", method: "deflate" },
	varied: { data: "varied", method: "deflate" },
	medium: { data: "medium", method: "deflate" },
	"node-modules": { data: "node-modules", method: "auto" },
	logs: { data: "logs", method: "auto" },
	photos: { data: "photos", method: "auto" },
	mixed: { data: "mixed", method: "auto" },
	sparse: { data: "sparse", method: "auto", rounds: 1 }, // a minute for each run of most peers
	films: { data: "films", method: "store" },
	random: { data: "random", method: "store" },
};

const WORDS = { deflate: "DEFLATE", store: "STORE", auto: "auto" };

/** Who is asked about every kind of data. */
const PEERS = { create: ["zipferry", "zip"], upload: ["zipferry", "zip | aws", "archiver"] };

/**
 * The works of all kinds of data, `<kind>-create` and `<kind>-upload`.
 *
 * @param details - By the name of a work, what is special about it.
 */
export function worksOfKinds(details) {
	return Object.fromEntries(
		Object.entries(KINDS).flatMap(([kind, { data, method, rounds }]) =>
			Object.entries(PEERS).map(([action, peers]) => {
				const name = `${kind}-${action}`;
				const title = `${DATA_SETS[data].title}, ${WORDS[method]}, ${action}`;
				const reference = peers[1];
				const common = { title, kind, data, method, action, peers, reference, range: peers };
				return [name, { ...common, ...(rounds && { rounds }), ...details[name] }];
			}),
		),
	);
}

import * as v from "valibot";
import { nodeZstd, ZSTD_NODES } from "../bytes/zstd/node-zstd.js";
import type { Field } from "../options/field.ts";
import { choice } from "../options/kinds.ts";
import { METHOD_CHOICES, type MethodChoice } from "./entry.ts";

/** A method, of those that this Node has. */
export function methodField(): Field<MethodChoice> {
	return v.pipe(
		choice(METHOD_CHOICES),
		v.rawCheck(({ dataset, addIssue }) => {
			if (dataset.value !== "zstd" || nodeZstd !== undefined) return;
			addIssue({ message: ` "zstd" needs ${ZSTD_NODES}; this is Node.js ${process.versions.node}` });
		}),
	);
}

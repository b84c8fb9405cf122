import type { S3Client } from "@aws-sdk/client-s3";
import { constructStack } from "@smithy/core/client";

type Stack = S3Client["middlewareStack"];
type Handler = ReturnType<Stack["resolve"]>;
type Context = Parameters<Stack["resolve"]>[1];
type Middleware = (next: Handler, context: Context) => Handler;

/** Where a piece of middleware stands, as the SDK describes it. */
interface Place {
	readonly name?: string;
	readonly step?: string;
	readonly priority?: string;
	readonly relation?: "before" | "after";
	readonly toMiddleware?: string;
}

interface Placed {
	readonly middleware: Middleware;
	readonly place: Place;
}

/**
 * Makes a stack sort its middleware once. The SDK sorts some thirty pieces of it for each request, which takes more
 * time than the request needs to go through them. They stand in the same order, and each request has its own.
 *
 * @param stack - Of a client. What is added to it later counts as well.
 */
export function sortOnce(stack: Stack): void {
	const { add, addRelativeTo, remove, removeByTag } = stack;
	let ofClient: readonly Placed[] | undefined;
	const orders = new Map<string, readonly number[]>();
	const changing =
		<Arguments extends readonly unknown[], Result>(change: (...args: Arguments) => Result) =>
		(...args: Arguments): Result => {
			ofClient = undefined;
			orders.clear();
			return change(...args);
		};
	const resolveWith = (from: Pick<Stack, "applyToStack">, handler: Handler, context: Context): Handler => {
		ofClient ??= placedIn(stack);
		const ofCommand = placedIn(from);
		const key = ofCommand.map(({ place }) => keyOf(place)).join();
		const placed = [...ofClient, ...ofCommand];
		const order = orders.get(key) ?? orderOf(placed);
		orders.set(key, order);
		let outer = handler;
		for (const index of order) outer = placed[index]?.middleware(outer, context) ?? outer;
		return outer;
	};
	Object.assign(stack, {
		add: changing(add),
		addRelativeTo: changing(addRelativeTo),
		remove: changing(remove),
		removeByTag: changing(removeByTag),
		// All that the SDK does with the stacks of a client and a command, joined, is to resolve them.
		concat: (from: Stack) => ({
			...from,
			resolve: (handler: Handler, context: Context) => resolveWith(from, handler, context),
		}),
	});
}

/** What is in a stack: it tells when it is asked to copy itself into another. */
function placedIn(stack: Pick<Stack, "applyToStack">): Placed[] {
	const placed: Placed[] = [];
	const note = (middleware: Middleware, place: Place) => void placed.push({ middleware, place });
	stack.applyToStack({ add: note, addRelativeTo: note } as unknown as Stack);
	return placed;
}

function keyOf({ name, step, priority, relation, toMiddleware }: Place): string {
	return name ?? `${step} ${priority} ${relation} ${toMiddleware}`;
}

/** The order that the SDK puts them into, from the wire to the caller. */
function orderOf(placed: readonly Placed[]): readonly number[] {
	const order: number[] = [];
	const sorted = constructStack();
	for (const [index, { place }] of placed.entries()) {
		const middleware: Middleware = (next) => {
			order.push(index);
			return next;
		};
		// A place says as well what stands there.
		const there = { ...place, middleware } as never;
		if (place.relation === undefined) sorted.add(middleware as never, there);
		else sorted.addRelativeTo(middleware as never, there);
	}
	sorted.resolve((() => {}) as never, {});
	return order;
}

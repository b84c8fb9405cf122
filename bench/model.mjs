/**
 * Wall time of a run on so many cores, from what it costs on this machine; a model, not a measurement. The main thread
 * can use one core at most, all threads together all of them; whichever takes longer is how long the run takes, after
 * what it takes to start.
 *
 * @param costs - `startMs`, of a run with hardly anything to do; `mainMs` and `threadsMs`, the processor time of the
 * main thread and of all others beyond that; `friction`, how much longer than this a run really takes (see
 * {@link frictionOf}).
 */
export function modelWall(cores, { startMs, mainMs, threadsMs, friction = 1 }) {
	return startMs + friction * Math.max(mainMs, (mainMs + threadsMs) / cores);
}

/** Wall time as measured on so many cores ÷ wall time by the model: what waits, and what the model does not know. */
export function frictionOf(measuredMs, cores, costs) {
	const { startMs } = costs;
	return Math.max(1, (measuredMs - startMs) / (modelWall(cores, { ...costs, friction: 1 }) - startMs));
}

/** From how many cores on the main thread is the limit, and more make no difference. */
export function coresThatHelp({ mainMs, threadsMs }) {
	return (mainMs + threadsMs) / mainMs;
}

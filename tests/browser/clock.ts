// Time on the clock of a page. It stands still while the engine answers, however long that takes.
import type { Page } from '@playwright/test';
import { unanswered } from './answers';

/** What a page hears of others by itself it has heard by then: it asks every 15 seconds at first, and then every 30 (`domain/src/rhythm.rs`). */
export const PULSE = 60_000;

const moment = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** Lets seconds pass on the page's clock, a few at a time, and waits for the answers to what was asked in them. */
export async function pass(page: Page, seconds: number, step = 5) {
  for (let gone = 0; gone < seconds; gone += step) {
    await page.clock.runFor(step * 1_000);
    // Twice: what an answer asks for in its turn is on its way a moment later.
    for (let time = 0; time < 2; time++) do await moment(25); while (unanswered(page).length > 0);
  }
}

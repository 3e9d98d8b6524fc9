// A text that is far too long is pasted: nothing of it is lost, a rule says by how much it is too long, and one writes on.
import { ask, expect, newId, session, test } from './town';

/** So many characters, no sentence twice: what is cut off or put in another order is seen. */
function report(length: number): string {
  let text = '';
  for (let place = 1; text.length < length; place += 1) text += `Punto ${place}: se aprueba por mayoría.${place % 20 === 0 ? '\n' : ' '}`;
  return `${text.slice(0, length - 1)}.`;
}

test('fifty thousand characters are pasted: all are kept, a rule says that it is too long, and one writes on', async ({ as, words, town, request, baseURL }) => {
  const author = await session(request, baseURL!, town.members.find(([name]) => name === 'author')![1]);
  const post = newId();
  const content = { kind: 'routine', titles: { es: 'Acta' }, texts: { es: 'Acta.' }, targets: [{ channel: town.noticeboard, languages: ['es'] }] };
  await ask(request, baseURL!, author, 'PUT', `/api/posts/${post}`, { version: 0, content });
  const page = await as('author', { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`/desk/posts/${post}/edit`);
  const [text, title] = [page.locator('#text-es'), page.locator('#title-es')];
  const pasted = report(50_000);
  await text.fill('');
  await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), pasted);
  await page.keyboard.press('ControlOrMeta+v');
  await expect(text).toHaveValue(pasted);
  // By how much: the numbers agree with each other.
  const said = new RegExp(words('finding_length', { over: '(?<over>\\d+)', count: '(?<count>\\d+)', limit: '(?<limit>\\d+)' }));
  const finding = page.locator('.finding', { hasText: said }).first();
  await expect(finding).toBeVisible();
  const { over, count, limit } = said.exec((await finding.textContent())!)!.groups!;
  expect(Number(count)).toBeGreaterThanOrEqual(50_000);
  expect(Number(over)).toBe(Number(count) - Number(limit));

  // What is typed arrives, behind it and elsewhere.
  await text.press('ControlOrMeta+End');
  await page.keyboard.type(' Fin.');
  await expect(text).toHaveValue(`${pasted} Fin.`);
  await title.fill('Acta del pleno');
  const kept = async () => (await ask(request, baseURL!, author, 'GET', `/api/posts/${post}`)).post.content;
  await expect.poll(async () => (await kept()).titles.es).toBe('Acta del pleno');
  // Not compared in the message: nobody reads fifty thousand characters.
  await expect.poll(async () => (await kept()).texts.es === `${pasted} Fin.`).toBe(true);
  await page.reload();
  await expect(text).toHaveValue(`${pasted} Fin.`);
  // What is taken away makes it good again.
  await text.fill('El acta ya se puede leer.');
  await expect(finding).toHaveCount(0);
});

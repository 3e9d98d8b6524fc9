// Workbooks as others write and read them: by Python's own zip and XML (`workbook.py`), which share nothing with the desk.
import { execFileSync } from 'node:child_process';

export type Value = string | number | { day: string } | { hour: string } | { formula: string; value: string };

export interface Sheet {
  name: string;
  hidden?: boolean;
  rows: Value[][];
  merged?: string[];
}

export interface Told {
  text?: string;
  number?: number;
  /** What shows it: 14 a day, 20 an hour, 22 both, 49 a text. */
  format: number;
}

/** A workbook as a file that is chosen. */
export function workbook(sheets: Sheet[]) {
  const buffer = execFileSync('python3', ['workbook.py', 'write'], { input: JSON.stringify(sheets), maxBuffer: 50_000_000 });
  return { name: 'plan.xlsx', mimeType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', buffer };
}

/** What is in a workbook: its cells by the letters of their columns, line by line. Fails where it is no sound one, or has a formula. */
export function told(path: string): { name: string; frozen: boolean; rows: Record<string, Told>[] } {
  return JSON.parse(execFileSync('python3', ['workbook.py', 'read', path], { encoding: 'utf8', maxBuffer: 50_000_000 }));
}

/** A day (`2027-03-11`) as the number that workbooks keep. */
export function serial(day: string): number {
  return (Date.parse(`${day}T00:00:00Z`) - Date.UTC(1899, 11, 30)) / 86_400_000;
}

/**
 * A secret while its dialog is open. React keeps what it renders for as long as it likes; this object is what it keeps
 * instead, and is emptied when the dialog closes.
 */
export class Secret {
  private text: string | undefined;

  constructor(text: string) {
    this.text = text;
  }

  read(): string {
    return this.text ?? '';
  }

  forget(): void {
    this.text = undefined;
  }
}

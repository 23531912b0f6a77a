import { withCommands } from './task-pages.mjs';

const OPERATION = `mutation End($ids: [ID!]!, $note: String, $version: Int!) {
  end(ids: $ids, note: $note, version: $version, why: "a \\"b\\" \`c\`") {
    count
  }
}`;
const page = (language: string) => `# A page\n\n\`\`\`${language}\n${OPERATION}\n\`\`\`\n\nAfterwards.\n`;

describe('commands of task pages', () => {
  it('an operation stands below itself as a command of the shell, with its variables', () => {
    expect(withCommands(page('graphql'))).toBe(`${page('graphql').replace('\nAfterwards.\n', '')}
<details>
<summary>With curl</summary>

Set \`URL\`, \`TOKEN\`, \`ID\`, \`NOTE\` and \`VERSION\` in the shell first.

\`\`\`sh
curl --silent --show-error --fail-with-body "$URL" \\
  --header 'content-type: application/json' --header "authorization: Bearer $TOKEN" --data @- <<END
{"query":"mutation End(\\$ids: [ID!]!, \\$note: String, \\$version: Int!) { end(ids: \\$ids, note: \\$note, version: \\$version, why: \\"a \\\\\\\\\\"b\\\\\\\\\\" \\\`c\\\`\\") { count } }","variables":{"ids":["$ID"],"note":"$NOTE","version":$VERSION}}
END
\`\`\`

</details>

Afterwards.
`);
  });

  it('a command is made anew from a changed operation, and stays as it is from the same', () => {
    const once = withCommands(page('graphql'));
    expect(withCommands(once)).toBe(once);
    const changed = once.replace('    count\n', '    count\n    total\n');
    expect(withCommands(changed)).toContain('{ count total }');
    expect(withCommands(changed).match(/<details>/g)).toHaveLength(1);
  });

  it.each([
    ['graphql', '--header "authorization: Bearer $TOKEN"'],
    ['graphql key', '--header "authorization: Bearer $KEY"'],
    ['graphql none', "'content-type: application/json' --data"],
  ])('an operation of %s is sent with its own credential', (language, part) => {
    expect(withCommands(page(language))).toContain(part);
  });

  it('an operation whose white space has a meaning is refused', () => {
    expect(() => withCommands(page('graphql').replace('"a ', '"a  '))).toThrow('changes on one line');
  });
});

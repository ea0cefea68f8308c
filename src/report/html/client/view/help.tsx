/** Keys and the language of the filter. */
import { useEffect, useRef } from "preact/hooks";
import { FILTER_KEYS } from "../model/filter.ts";
import { COMMANDS, keyName } from "../model/keys.ts";

export function Help({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog ref={dialog} class="help" aria-labelledby="help-title" onClose={onClose}>
      <form method="dialog" class="help-head">
        <h2 id="help-title">Keys and filters</h2>
        <button type="submit" class="small">
          Close
        </button>
      </form>
      <div class="help-columns">
        <table>
          <caption>Keys</caption>
          <tbody>
            {COMMANDS.map(({ keys, help }) => (
              <tr>
                <th scope="row">
                  {keys.map((key) => (
                    <kbd>{keyName(key)}</kbd>
                  ))}
                </th>
                <td>{help}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <table>
          <caption>Filter</caption>
          <tbody>
            {Object.entries(FILTER_KEYS).map(([key, text]) => (
              <tr>
                <th scope="row">
                  <code>{key}:</code>
                </th>
                <td>{text}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">
                <code>word</code>
              </th>
              <td>in rule, family, file, function, symbol, module or message</td>
            </tr>
            <tr>
              <th scope="row">
                <code>-word</code>
              </th>
              <td>not this; also -rule:...</td>
            </tr>
            <tr>
              <th scope="row">
                <code>a,b</code>
              </th>
              <td>one of both, after a key</td>
            </tr>
            <tr>
              <th scope="row">
                <code>"a b"</code>
              </th>
              <td>with a blank in it</td>
            </tr>
          </tbody>
        </table>
      </div>
    </dialog>
  );
}

import { Fragment } from "react";

const SET_OFF = /`([^`]+)`|\*([^*`]+)\*/g;

/** A sentence of the platform: words between backticks are set as code, those between asterisks are names. */
export function Marked({ text }: { text: string }) {
  const pieces = [...text.matchAll(SET_OFF)];
  return (
    <>
      {pieces.map(({ 0: whole, 1: code, 2: name, index }, place) => {
        const former = pieces[place - 1];
        const begin = former ? former.index + former[0].length : 0;
        return (
          <Fragment key={`${index} ${whole}`}>
            {text.slice(begin, index)}
            {code === undefined ? <em>{name}</em> : <code>{code}</code>}
          </Fragment>
        );
      })}
      {text.slice(pieces.reduce((_, { 0: whole, index }) => index + whole.length, 0))}
    </>
  );
}

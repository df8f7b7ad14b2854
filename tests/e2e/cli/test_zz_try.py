import json
from pathlib import Path
from builders import job, node, script
from .conftest import zipped
from .lines import Lines, written
import shlex
def test_try(run: Lines) -> None:
    written(run.folder, "orders.job", job("orders", node("n", "Dummy")))
    run("job create orders.job")
    (run.folder/"p.zip").write_bytes(zipped({"jobs/more.job": json.dumps(job("more", node("n","Dummy"))).encode()}))
    (run.folder/"no.zip").write_bytes(b"no zip")
    (run.folder/"cut.zip").write_bytes((run.folder/"p.zip").read_bytes()[:-30])
    (run.folder/"empty").mkdir()
    written(run.folder,"bad.json",'{"name": "x",\n "nodes": ]'); written(run.folder,"list.json",[1]); written(run.folder,"list.yaml","- a\n"); written(run.folder,"broken.yaml","connection:\n  a: [b\n"); written(run.folder,"kinds.yaml","connections: {a: b}\n")
    out=[]
    for line in Path("/tmp/cliwork/rows.txt").read_text().splitlines():
        ended=run._run(shlex.split(line), run.token(""), "")
        flag="" if ended.code and "hint: " in ended.err else "   <<<<<<"
        out.append(f"[{ended.code}] {line}{flag}\n    "+(ended.err or ended.out[:300]).rstrip().replace("\n","\n    "))
    Path("/tmp/cliwork/tried.txt").write_text("\n".join(out))

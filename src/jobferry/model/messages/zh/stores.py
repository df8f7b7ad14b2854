"""Chinese: object stores."""

from __future__ import annotations

SENTENCES: dict[str, str] = {
    "{path} (object store {store})": "{path}（对象存储 {store}）",
    "JOBFERRY_OBJECTS_BUCKETS lists buckets of a service, and JOBFERRY_OBJECTS is not s3": (
        "JOBFERRY_OBJECTS_BUCKETS 列出的是服务中的桶，而 JOBFERRY_OBJECTS 不是 s3"
    ),
    "unset it: the buckets of a folder are its folders": "请取消设置：文件夹中的桶就是其中的子文件夹",
    "no object store can be called {name}": "对象存储不能命名为 {name}",
    "use small letters, digits and hyphens, at most 32, and another name than default": (
        "请使用小写字母、数字和连字符，最多 32 个字符，且不能是 default"
    ),
    "the object store {store} has no {setting}": "对象存储 {store} 没有设置 {setting}",
    "set {setting} below [stores.{store}] in the settings file, or {variable}": (
        "请在设置文件的 [stores.{store}] 下设置 {setting}，或设置 {variable}"
    ),
    "the object store {store} has secret_key and secret_key_file": (
        "对象存储 {store} 同时设置了 secret_key 和 secret_key_file"
    ),
    "{setting} has {bucket}, which is no bucket's name": "{setting} 中的 {bucket} 不是桶名",
    "name buckets with commas, such as jobs,archive": "请用逗号分隔桶名，例如 jobs,archive",
    "the bucket {bucket} is in two object stores, {first} and {second}": (
        "桶 {bucket} 同时属于两个对象存储：{first} 和 {second}"
    ),
    "the bucket {bucket} is named twice": "桶 {bucket} 写了两次",
    "name each bucket once: its name says which store a path leads to": (
        "每个桶只能写一次：路径指向哪个对象存储由桶名决定"
    ),
    "{setting} is host, and the object service has a number for its address": (
        "{setting} 为 host，但对象存储服务的地址是 IP 地址"
    ),
    "set it to path, or give the service's name in {setting}": "请将其设为 path，或在 {setting} 中填写服务的域名",
    "the secret key of the object store {store} cannot be read from {file}: {reason}": (
        "无法从 {file} 读取对象存储 {store} 的私有密钥：{reason}"
    ),
    "it is not UTF-8": "不是 UTF-8 编码",
    "check the file, and whether the user that the platform runs as may read it": (
        "请检查该文件，以及运行平台的用户能否读取它"
    ),
    "stores is no table of stores": "stores 不是由对象存储组成的表",
    "write a table for each store, such as [stores.archive], and its settings below it": (
        "请为每个对象存储写一个表，例如 [stores.archive]，并在其下写它的设置"
    ),
    "the object store {store} has no bucket {bucket}": "对象存储 {store} 中没有桶 {bucket}",
    "make it there, or correct {setting}": "请在其中创建该桶，或修正 {setting}",
    "the object store {store} answers, with its buckets {buckets}": "对象存储 {store} 可以访问，其中有桶 {buckets}",
    "nobody sees what is in {folder}: the bucket {bucket} is in the object store {store}": (
        "{folder} 中的内容无法访问：桶 {bucket} 位于对象存储 {store}"
    ),
    "move them into that bucket, and the folder away": "请将其中的内容移到该桶，并移走该文件夹",
}

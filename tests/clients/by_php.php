<?php
// What the method's PHP sample does, without its library: a call with a token, a renewal and a repeat when it has expired, and
// the answer as an array. It is handed its task as JSON and prints what came of it as JSON.

$task = json_decode(stream_get_contents(STDIN), true);
$auth = $task['auth'];

function post(string $url, array $params): array
{
    $context = stream_context_create(['http' => [
        'method' => 'POST',
        'header' => 'Content-Type: application/x-www-form-urlencoded',
        'content' => http_build_query($params),
        'ignore_errors' => true,
    ]]);
    return json_decode(file_get_contents($url, false, $context), true);
}

function call(string $method, array $params): array
{
    global $auth, $task;
    $answer = post("{$task['origin']}/rest/$method.json", $params + ['auth' => $auth['access']]);
    if (($answer['error'] ?? '') !== 'expired_token') {
        return $answer;
    }
    $renewed = post("{$task['origin']}/oauth/token/", [
        'grant_type' => 'refresh_token', 'client_id' => 'app', 'client_secret' => 'secret', 'refresh_token' => $auth['refresh'],
    ]);
    $auth = ['access' => $renewed['access_token'], 'refresh' => $renewed['refresh_token']];
    return call($method, $params);
}

$commands = array_map(fn($command) => $command[0] . '?' . http_build_query($command[1]), $task['batch']);
$batch = call('batch', ['halt' => 0, 'cmd' => $commands])['result']['result'];
echo json_encode([
    'paid' => call(...$task['pay'])['result'],
    'read' => call(...$task['read'])['result'],
    'listed' => array_column(call(...$task['list'])['result'], 'id'),
    'batched' => array_map(fn($row) => $row['id'], $batch),
    'errors' => array_map(function ($row) {
        $answer = call($row['method'], $row['params']);
        return ['code' => $answer['error'], 'text' => $answer['error_description']];
    }, $task['errors']),
]);

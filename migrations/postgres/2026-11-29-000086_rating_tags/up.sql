-- The catalogue of tags (评价标签), a version at a time. A rating names the version it was given by, and is read in its
-- words for ever: a version is only ever added, whole, and the last one is offered.
CREATE TABLE rating_tags (
    version INTEGER NOT NULL CHECK (version > 0),
    -- Best first.
    position INTEGER NOT NULL,
    id TEXT NOT NULL,
    -- The national score, 5 best to 1 worst; 5 stands for 5 and 4.
    score INTEGER NOT NULL CHECK (score IN (5, 3, 2, 1)),
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    PRIMARY KEY (version, id)
);
INSERT INTO rating_tags (version, position, id, score, zh, en) VALUES
    (1, 0, 'prompt_response', 5, '响应及时', 'Prompt response'),
    (1, 1, 'fully_solved', 5, '问题彻底解决', 'Problem fully solved'),
    (1, 2, 'came_to_us', 5, '主动上门服务', 'Came to us'),
    (1, 3, 'good_coordination', 5, '跨部门协调有力', 'Departments well coordinated'),
    (1, 4, 'clear_explanation', 5, '解释清楚易懂', 'Clear explanation'),
    (1, 5, 'good_manner', 5, '服务态度好', 'Friendly service'),
    (1, 6, 'mostly_solved', 3, '基本解决', 'Mostly solved'),
    (1, 7, 'closed_on_time', 3, '按承诺时间办结', 'Closed as promised'),
    (1, 8, 'traceable', 3, '过程可查', 'Progress could be followed'),
    (1, 9, 'needs_follow_up', 3, '仍需跟进', 'Needs following up'),
    (1, 10, 'not_really_solved', 2, '问题未真正解决', 'Not really solved'),
    (1, 11, 'promise_missed', 2, '未在承诺时间内办结', 'Promised date missed'),
    (1, 12, 'nobody_contacted_me', 2, '没有人联系我', 'Nobody contacted me'),
    (1, 13, 'late_updates', 2, '进度更新不及时', 'Progress updated late'),
    (1, 14, 'vague_answer', 2, '答复笼统不明确', 'Vague answer'),
    (1, 15, 'stiff_manner', 2, '服务态度生硬', 'Stiff manner'),
    (1, 16, 'closed_unsolved', 1, '问题未解决却被办结', 'Closed although unsolved'),
    (1, 17, 'passed_around', 1, '部门之间推诿', 'Passed from department to department'),
    (1, 18, 'nobody_handled', 1, '长期无人处理', 'Nobody handled it for long'),
    (1, 19, 'asked_for_good', 1, '要求我给好评', 'I was asked for a good rating'),
    (1, 20, 'leaked_my_data', 1, '泄露我的信息', 'My data was leaked'),
    (1, 21, 'bad_manner', 1, '服务态度差效率低', 'Bad manner, slow');
CREATE TRIGGER rating_tags_append_only BEFORE UPDATE OR DELETE ON rating_tags FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER rating_tags_no_truncate BEFORE TRUNCATE ON rating_tags FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
